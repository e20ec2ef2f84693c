/** The name of a secret. Its value comes from the environment or a mounted file and is masked in logs. */
export interface Secret {
  readonly kind: 'secret';
  readonly name: string;
}

/** @example secret('DATABASE_URL') */
export function secret(name: Uppercase<string>): Secret {
  return { kind: 'secret', name };
}

/** A secret that is written out, or whose name no variable can have. */
export function secretProblems(field: string, value: unknown): readonly string[] {
  const given = value as Partial<Secret> | null | undefined;
  if (given?.kind !== 'secret')
    return [`${field} must be a secret, so that the project file does not have its value: secret('NAME')`];
  return /^[A-Z][A-Z0-9_]*$/.test(given.name ?? '')
    ? []
    : [`${field} is the secret ${JSON.stringify(given.name)}: use capitals, digits and "_", such as API_KEY`];
}
