import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type Finding, findingsIn, identifiersIn, partsOf, type SourceFile } from './words/words.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** How often each word still occurs. A word that is gone leaves the list; no number grows. */
const remaining = JSON.parse(
  readFileSync(new URL('words/remaining.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, number>>;

const files: readonly SourceFile[] = [
  ...['src', 'web', 'docs'].flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => /\.(tsx?|md)$/.test(file) && !/\/(node_modules|\.modelyard)\//.test(file)),
  ),
  'README.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
].map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
const read = files.reduce((sum, { text }) => sum + (text.match(/\w+/g)?.length ?? 0), 0);

test(`the field's words are used: ${read} words in ${files.length} files`, () => {
  expect(files.length).toBeGreaterThan(500);
  const found = new Map<string, Finding[]>();
  for (const finding of files.flatMap(findingsIn))
    found.set(finding.word, [...(found.get(finding.word) ?? []), finding]);
  const tooMany = [...found]
    .filter(([word, findings]) => findings.length > (remaining[word] ?? 0))
    .map(([word, findings]) => {
      const paths = [...new Set(findings.map(({ path }) => path))].join(', ');
      return `'${word}' ${findings.length} times, at most ${remaining[word] ?? 0}; say ${findings[0]?.instead}: ${paths}`;
    });
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
