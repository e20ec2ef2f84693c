import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Finding, findingsIn, type SourceFile } from './words.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The findings of a folder, by word. */
export type FoundByFolder = ReadonlyMap<string, ReadonlyMap<string, readonly Finding[]>>;

/** Every file whose words are checked. */
export function readFiles(): readonly SourceFile[] {
  return [
    ...['src', 'web', 'docs', 'examples'].flatMap((folder) =>
      readdirSync(`${root}/${folder}`, { recursive: true, encoding: 'utf8' })
        .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
        .filter((file) => /\.(tsx?|md)$/.test(file) && !/\/(node_modules|\.modelyard)\//.test(file)),
    ),
    'README.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
  ].map((path) => ({ path, text: readFileSync(`${root}/${path}`, 'utf8') }));
}

export function findByFolder(files: readonly SourceFile[]): FoundByFolder {
  const found = new Map<string, Map<string, Finding[]>>();
  for (const finding of files.flatMap(findingsIn)) {
    const folder = folderOf(finding.path);
    const words = found.get(folder) ?? new Map<string, Finding[]>();
    words.set(finding.word, [...(words.get(finding.word) ?? []), finding]);
    found.set(folder, words);
  }
  return found;
}

/** 'src/cli' of 'src/cli/commands/run.ts', '.' of 'README.md' */
function folderOf(path: string): string {
  const folders = path.split('/').slice(0, -1);
  return folders.slice(0, 2).join('/') || '.';
}
