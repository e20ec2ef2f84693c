import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Json } from '../../kernel/json.ts';
import type { Journal } from '../../pipeline/journal.ts';

/** A journal in a file, one line of JSON a value. The last line may be unfinished: it is left out, and its work is repeated. */
export function openFileJournal(path: string): Journal & { remove(): Promise<void> } {
  let isClean = false;
  const text = async (): Promise<string> => readFile(path, 'utf8').catch(() => '');
  return {
    read: async () => (await text()).split('\n').flatMap(parsed),
    async append(value) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const before = isClean ? '' : separatorAfter(await text());
      isClean = true;
      await appendFile(path, `${before}${JSON.stringify(value)}\n`, { mode: 0o600 });
    },
    remove: () => rm(path, { force: true }),
  };
}

/** Ends an unfinished line, so that it does not spoil the next. */
function separatorAfter(text: string): string {
  return text === '' || text.endsWith('\n') ? '' : '\n';
}

function parsed(line: string): readonly Json[] {
  if (line === '') return [];
  try {
    return [JSON.parse(line) as Json];
  } catch {
    return [];
  }
}
