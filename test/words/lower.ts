/** `npx tsx test/words/lower.ts` lowers the numbers in remaining.json to what is there. It raises none. */
import { readFileSync, writeFileSync } from 'node:fs';
import { findByFolder, readFiles } from './count.ts';

const path = new URL('remaining.json', import.meta.url);
const before = JSON.parse(readFileSync(path, 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, number>>>
>;
const found = findByFolder(readFiles());
const lowered = Object.entries(before).flatMap(([folder, words]) => {
  const counts = Object.entries(words)
    .map(([word, most]) => [word, Math.min(most, found.get(folder)?.get(word)?.length ?? 0)] as const)
    .filter(([, most]) => most > 0);
  return counts.length === 0 ? [] : [[folder, Object.fromEntries(counts)] as const];
});
writeFileSync(path, `${JSON.stringify(Object.fromEntries(lowered), null, 2)}\n`);
