/** A cookie that no script reads, and that no other site's page sends with anything but a link. */
interface Cookie {
  readonly name: 'session' | 'pending';
  /** '' deletes it. */
  readonly value: string;
  /** Milliseconds. */
  readonly lifetime: number;
  /** Whether browsers reach this server over TLS alone. */
  readonly secure: boolean;
}

/** A browser takes the first name from this very host over TLS alone; over plain http it cannot be had. */
const prefixes = ['__Host-modelyard-', 'modelyard-'] as const;

/** The value of `Set-Cookie` (RFC 6265). */
export function cookieText({ name, value, lifetime, secure }: Cookie): string {
  const [guarded, plain] = prefixes;
  const maxAge = value === '' ? 0 : Math.floor(lifetime / 1000);
  const parts = [
    `${secure ? guarded : plain}${name}=${value}`,
    'Path=/',
    `Max-Age=${maxAge}`,
    'HttpOnly',
    'SameSite=Lax',
  ];
  return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
}

/** The session that a browser keeps, from the header `Cookie`. */
export function sessionIn(header: string | undefined): string | undefined {
  return header === undefined ? undefined : cookieIn(header, 'session');
}

/** What a browser keeps of a sign-in that has begun. */
export function pendingIn(header: string | undefined): string | undefined {
  return header === undefined ? undefined : cookieIn(header, 'pending');
}

function cookieIn(header: string, name: Cookie['name']): string | undefined {
  const cookies = new Map(
    header.split(';').map((each): [string, string] => {
      const at = each.indexOf('=');
      return [each.slice(0, at).trim(), each.slice(at + 1).trim()];
    }),
  );
  const values = prefixes.map((prefix) => cookies.get(`${prefix}${name}`));
  return values.find((value) => value !== undefined && value !== '');
}
