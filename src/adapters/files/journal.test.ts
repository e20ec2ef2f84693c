import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryJournal } from '../../pipeline/journal.ts';
import { openFileJournal } from './journal.ts';

test('a file journal keeps its values for the next process, and drops an unfinished line', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-journal-'));
  const path = join(folder, 'journals', 'a.jsonl');
  const first = openFileJournal(path);
  expect(await first.read()).toEqual([]);
  await first.append({ trial: 1 });
  await first.append({ trial: 2 });
  await appendFile(path, '{"trial":3,"lo');
  const second = openFileJournal(path);
  expect(await second.read()).toEqual([{ trial: 1 }, { trial: 2 }]);
  await second.append({ trial: 3 });
  expect(await second.read()).toEqual([{ trial: 1 }, { trial: 2 }, { trial: 3 }]);
  await second.remove();
  expect(await second.read()).toEqual([]);
  await rm(folder, { recursive: true });
});

test('a journal in memory returns what was appended', async () => {
  const journal = memoryJournal();
  await journal.append(1);
  expect(await journal.read()).toEqual([1]);
});
