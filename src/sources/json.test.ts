import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Digest } from '../kernel/digest.ts';
import type { Json } from '../kernel/json.ts';
import { json, readJson } from './json.ts';

const Row = z.object({ id: z.int(), day: z.iso.date() });
type Row = z.infer<typeof Row>;
const gamesOf = (body: Json): Row[] => (body as { games: Row[] }).games;

async function read(files: Readonly<Record<string, string>>, rows: unknown = gamesOf): Promise<object[]> {
  const raw = Object.entries(files).map(([name, text]) => ({
    name,
    digest: 'd' as Digest,
    bytes: async () => new TextEncoder().encode(text),
  }));
  const context = {
    options: {},
    code: { rows: rows as never },
    schema: json({ from: 'x', row: Row, rows: gamesOf }).table.schema,
    log: () => {},
    progress: () => {},
  };
  const found: object[] = [];
  for await (const row of readJson(raw, context)) found.push(row);
  return found;
}

test('rows are taken out of each file, in order', async () => {
  expect(
    await read({
      'a.json': '\ufeff{"games":[{"id":1,"day":"2024-01-01"}]}',
      'b.json': '{"games":[{"id":2,"day":"2024-01-02"}]}',
    }),
  ).toEqual([
    { id: 1, day: '2024-01-01' },
    { id: 2, day: '2024-01-02' },
  ]);
  expect(await read({ 'a.ndjson': '{"id":1}\n\n{"id":2}\n' }, (lines: Json) => lines)).toEqual([
    { id: 1 },
    { id: 2 },
  ]);
});

test.each([
  ['{"games":[', gamesOf, /a\.json must be JSON \(got ".*JSON/],
  ['', gamesOf, /a\.json must be JSON \(got ""\)/],
  ['{}', gamesOf, /rows of a\.json must be a list or another iterable of rows \(missing\)/],
  ['{}', async () => [], /rows of a\.json must be a list .* \(got "a promise"\)/],
  ['{}', () => 'text', /rows of a\.json must be a list .* \(got "text"\)/],
  ['[1]', (body: Json) => body, /rows of a\.json must be objects, one for each row \(got 1\)/],
])('%j is refused: %s', async (text, rows, message) => {
  await expect(read({ 'a.json': text }, rows)).rejects.toThrow(message);
});

test('a bad line of JSON lines is named', async () => {
  await expect(read({ 'a.jsonl': '{}\nno\n' })).rejects.toThrow(/a\.jsonl, line 2 must be JSON/);
});
