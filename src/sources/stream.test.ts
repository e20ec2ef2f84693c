import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Digest } from '../kernel/digest.ts';
import { readStream, stream } from './stream.ts';

const Play = z.object({ gameId: z.string(), at: z.iso.datetime() });
const reader = stream({ from: 'plays.jsonl', row: Play, at: 'at' });

async function read(files: Readonly<Record<string, string>>): Promise<object[]> {
  const raw = Object.entries(files).map(([name, text]) => ({
    name,
    digest: 'd' as Digest,
    bytes: async () => new TextEncoder().encode(text),
  }));
  const context = { options: {}, schema: reader.table.schema, log: () => {}, progress: () => {} };
  const found: object[] = [];
  for await (const event of readStream(raw, context)) found.push(event);
  return found;
}

test('a file of lines has an event a line, and another file is a list of them', async () => {
  expect(await read({ 'a.jsonl': '{"gameId":"1"}\n{"gameId":"2"}\n', 'b.json': '[{"gameId":"3"}]' })).toEqual(
    [{ gameId: '1' }, { gameId: '2' }, { gameId: '3' }],
  );
  expect(reader.options).toEqual({ at: 'at' });
  // @ts-expect-error: a game id is not a time
  stream({ from: 'plays.jsonl', row: Play, at: 'gameId' });
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['no list', { 'a.json': '{"gameId":"1"}' }, 'a.json'],
  ['an event that is no object', { 'a.jsonl': '{"gameId":"1"}\n7\n' }, 'a.jsonl, event 2'],
  ['a line that is no JSON', { 'a.jsonl': '{"gameId":"1"}\nx\n' }, 'a.jsonl, line 2'],
])('%s is refused by name', async (_case, files, field) => {
  await expect(read(files)).rejects.toMatchObject({ code: 'DATA_INVALID', detail: { field } });
});
