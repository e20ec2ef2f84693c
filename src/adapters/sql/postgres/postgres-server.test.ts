import { expect, test } from 'vitest';
import { refuseServer, type ServerFacts } from './postgres-server.ts';

const sound: ServerFacts = { version: 15, encoding: 'UTF8', schema: 'public' };

test('a server that can hold the tables is accepted', () => {
  expect(() => refuseServer(sound, 'postgres://db/m')).not.toThrow();
  expect(() => refuseServer({ ...sound, version: 18 }, 'postgres://db/m')).not.toThrow();
});

test.each<[Partial<ServerFacts>, string]>([
  [{ version: 14 }, 'PostgreSQL 15 or newer'],
  [{ encoding: 'SQL_ASCII' }, "encoding 'UTF8'"],
  [{ schema: null }, 'search_path'],
])('one with %j is refused', (facts, remedy) => {
  expect(() => refuseServer({ ...sound, ...facts }, 'postgres://db/m')).toThrow(remedy);
});
