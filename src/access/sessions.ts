import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import type { Identity } from './identity.ts';
import { openSealing } from './sealing.ts';

/** Sessions of browsers: the browser stores the sealed session, the server only remembers those that ended early. */
export interface Sessions {
  /** The text for the browser to store. */
  begin(identity: Identity): string;
  /** Undefined for a session that ended or is not from this server. */
  find(session: string): Identity | undefined;
  end(session: string): void;
}

interface Session extends Identity {
  readonly id: string;
}

/** A working day, in milliseconds. A person who leaves a group at the issuer loses its roles after this at the latest. */
export const sessionLifetime = 8 * 3_600_000;

const mostEnded = 10_000;

/**
 * @param key 32 bytes
 * @param depends what roles are derived from: when it changes, everybody must sign in again
 */
export function openSessions(options: {
  readonly key: Uint8Array;
  readonly depends: string;
  readonly now: Clock;
}): Sessions {
  const { key, now } = options;
  const sealing = openSealing<Session>({ key, purpose: `session of an account ${options.depends}`, now });
  const ended = new Map<string, number>();
  return {
    begin: (identity) => sealing.seal({ ...identity, id: randomUUID() }, now() + sessionLifetime),
    find(text) {
      const session = sealing.unseal(text);
      return session && !ended.has(session.id) ? session : undefined;
    },
    end(text) {
      const session = sealing.unseal(text);
      if (!session) return;
      ended.set(session.id, now() + sessionLifetime);
      for (const [id, until] of ended) if (until <= now() || ended.size > mostEnded) ended.delete(id);
    },
  };
}
