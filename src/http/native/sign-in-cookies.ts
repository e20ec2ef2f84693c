/** A cookie that scripts cannot read and that browsers send from other sites only when a link is followed. */
interface Cookie {
  readonly name: 'session' | 'pending';
  /** '' deletes it. */
  readonly value: string;
  /** Milliseconds. */
  readonly lifetime: number;
}

/** The cookies of a sign-in. */
export interface SignInCookies {
  /** The session in the `Cookie` header. */
  session(header: string | undefined): string | undefined;
  /** A sign-in that this browser has started. */
  pending(header: string | undefined): string | undefined;
  /** A value of `Set-Cookie` (RFC 6265). */
  text(cookie: Cookie): string;
}

/**
 * Over TLS the names start with `__Host-`, which a browser accepts only from this host over TLS, and plain names are ignored,
 * because another site of the same domain can set those. Over plain http no browser accepts the prefix.
 * @param secure whether the browser reaches this server over TLS
 */
export function signInCookies(secure: boolean): SignInCookies {
  const prefix = secure ? '__Host-modelyard-' : 'modelyard-';
  const find = (header: string | undefined, name: Cookie['name']): string | undefined =>
    header === undefined ? undefined : valueOf(header, `${prefix}${name}`);
  return {
    session: (header) => find(header, 'session'),
    pending: (header) => find(header, 'pending'),
    text({ name, value, lifetime }) {
      const maxAge = value === '' ? 0 : Math.floor(lifetime / 1000);
      const parts = [`${prefix}${name}=${value}`, 'Path=/', `Max-Age=${maxAge}`, 'HttpOnly', 'SameSite=Lax'];
      return [...parts, ...(secure ? ['Secure'] : [])].join('; ');
    },
  };
}

function valueOf(header: string, name: string): string | undefined {
  for (const each of header.split(';')) {
    const at = each.indexOf('=');
    const value = each.slice(at + 1).trim();
    if (at >= 0 && each.slice(0, at).trim() === name && value !== '') return value;
  }
  return undefined;
}
