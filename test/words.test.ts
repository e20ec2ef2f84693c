import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findByFolder, readFiles } from './words/count.ts';
import { findingsIn, identifiersIn, partsOf, type SourceFile } from './words/words.ts';

/**
 * How often each word still occurs, by folder. No number grows: a word that leaves one folder makes no room in another.
 * `npx tsx test/words/lower.ts` lowers them.
 */
const remaining = JSON.parse(
  readFileSync(new URL('words/remaining.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Readonly<Record<string, number>>>>;

const files = readFiles();
const count = files.reduce((sum, { text }) => sum + (text.match(/\w+/g)?.length ?? 0), 0);

test(`the field's words are used: ${count} words in ${files.length} files`, () => {
  expect(files.length).toBeGreaterThan(500);
  const tooMany = [...findByFolder(files)].flatMap(([folder, words]) =>
    [...words]
      .filter(([word, findings]) => findings.length > (remaining[folder]?.[word] ?? 0))
      .map(([word, findings]) => {
        const paths = [...new Set(findings.map(({ path }) => path))].join(', ');
        const most = remaining[folder]?.[word] ?? 0;
        return `${folder}: '${word}' ${findings.length} times, at most ${most}; say ${findings[0]?.instead}: ${paths}`;
      }),
  );
  expect(tooMany).toEqual([]);
});

test('identifiers are read from code alone, and in their parts', () => {
  const text = `// place\nconst atPlace = 'answer'; /* lane */ f(\`told\`, "said", HOME_FOLDER);`;
  expect(identifiersIn(text)).toEqual(['const', 'atPlace', 'f', 'HOME_FOLDER']);
  expect(['atPlace', 'HOME_FOLDER', 'URLParts', 'x2'].map(partsOf)).toEqual([
    ['at', 'place'],
    ['home', 'folder'],
    ['url', 'parts'],
    ['x2'],
  ]);
});

test.each<[string, SourceFile, readonly string[]]>([
  ['an identifier', { path: 'src/a.ts', text: 'const atPlace = 1;' }, ['place']],
  ['a file name', { path: 'src/lane-state.ts', text: '' }, ['lane']],
  ['a phrase of a comment', { path: 'src/a.ts', text: '// Whoever asks' }, ['whoever']],
  ['a phrase of a guide', { path: 'docs/a.md', text: 'The run goes on.' }, ['goes on']],
  ['a whole identifier only', { path: 'src/a.ts', text: 'const own = ownPort;' }, ['own']],
  ['one folder only', { path: 'src/data/a.ts', text: 'const engine = walk;' }, []],
  ['names of JavaScript are allowed', { path: 'src/a.ts', text: 'Promise.allSettled()' }, []],
  ['other words in other words', { path: 'src/a.ts', text: 'text.replace(placeholder)' }, []],
])('%s', (_what, file, words) => {
  expect(findingsIn(file).map(({ word }) => word)).toEqual(words);
});
