/** The name of a secret. Its value comes from the environment or a mounted file and is masked in logs. */
export interface Secret {
  readonly kind: 'secret';
  readonly name: string;
}

/** @example secret('DATABASE_URL') */
export function secret(name: Uppercase<string>): Secret {
  return { kind: 'secret', name };
}
