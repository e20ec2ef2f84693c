import { expect, test } from 'vitest';
import { openSealing } from './sealing.ts';
import { openSessions, sessionLifetime, type Sessions } from './sessions.ts';

const key = new Uint8Array(32).fill(7);
const ada = { name: 'ada', key: 'account a', roles: ['viewer'] } as const;
let now = 1_000_000;
const opened = (change: { readonly key?: Uint8Array; readonly depends?: string } = {}): Sessions =>
  openSessions({ key, depends: 'rule', now: () => now, ...change });

test('a session is found until it ends, by time or by its owner', () => {
  const sessions = opened();
  const session = sessions.begin(ada);
  expect(sessions.find(session)).toMatchObject(ada);
  expect(session).not.toContain('ada');
  const other = sessions.begin(ada);
  sessions.end(session);
  expect([sessions.find(session), sessions.find(other)]).toEqual([undefined, expect.objectContaining(ada)]);
  now += sessionLifetime - 1;
  expect(sessions.find(other)).toMatchObject(ada);
  now += 1;
  expect(sessions.find(other)).toBeUndefined();
});

test('a session outlives the server, but not its key or the rule of its roles', () => {
  const session = opened().begin(ada);
  expect(opened().find(session)).toMatchObject(ada);
  expect(opened({ key: new Uint8Array(32) }).find(session)).toBeUndefined();
  expect(opened({ depends: 'another rule' }).find(session)).toBeUndefined();
});

test('a session that someone forged or changed is refused', () => {
  const sessions = opened();
  const session = sessions.begin(ada);
  for (let position = 0; position < session.length; position += 7) {
    const changed = session[position] === 'A' ? 'B' : 'A';
    const forged = session.slice(0, position) + changed + session.slice(position + 1);
    expect([position, sessions.find(forged)]).toEqual([position, undefined]);
  }
  for (const forged of ['', 'x', session.slice(0, -4), `${session}AAAA`, 'A'.repeat(100_000)]) {
    expect(sessions.find(forged)).toBeUndefined();
    sessions.end(forged);
  }
  const pending = openSealing({ key, purpose: 'pending rule', now: () => now });
  expect(sessions.find(pending.seal({ ...ada, id: '1' }, now + 1000)), 'of another purpose').toBeUndefined();
});
