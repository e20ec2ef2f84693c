import { posix } from 'node:path';
import type { Reference } from './references.ts';

/** A reference and the file that makes it, as a path from the root: 'src/kernel/json.ts'. */
export interface Edge extends Reference {
  readonly file: string;
}

/** A folder of `src` may import itself and every rank above it. Folders that share a rank do not import each other. */
const ranks: readonly (readonly string[])[] = [
  ['kernel'],
  ['project'],
  ['data'],
  ['sources'],
  ['pipeline'],
  ['features'],
  ['training'],
  ['tracking'],
  ['registry'],
  ['lifecycle'],
  ['serving'],
  ['lineage'],
  ['access'],
  ['exchange'],
  ['api'],
  ['app'],
  ['adapters', 'http', 'client'],
  ['cli', 'index.ts'],
];

/** What runs in a browser, and the folders of which it may hold more than types. */
const inBrowser = new Map([
  ['api', ['api', 'kernel']],
  ['client', ['client', 'api', 'kernel']],
]);

/** Why an edge may not be; nothing when it may. */
export function fault(edge: Edge): string | undefined {
  const [root] = edge.file.split('/');
  if (root === 'src') return faultInSource(edge);
  if (root === 'web') return faultInWeb(edge);
  if (root === 'examples') return faultInExample(edge);
  return undefined;
}

/** Whether a file of `src` lies in a folder that has a rank. */
export function isRanked(file: string): boolean {
  return rankOf(folderOf(file)) >= 0;
}

function faultInSource(edge: Edge): string | undefined {
  if (!isRelative(edge)) return undefined;
  const to = targetOf(edge);
  if (to === 'package.json' || (to.startsWith('../') && isForTests(edge.file))) return undefined;
  if (!to.startsWith('src/')) return 'src imports src alone';
  if (!isRanked(to)) return `${folderOf(to)} has no rank`;
  if (isForTests(edge.file) && folderOf(to) === 'adapters') return faultOfAdapters(edge.file, to);
  return (
    faultBetween(folderOf(edge.file), folderOf(to)) ?? faultOfAdapters(edge.file, to) ?? faultInBrowser(edge)
  );
}

function faultBetween(from: string, to: string): string | undefined {
  if (from === to || rankOf(to) < rankOf(from)) return undefined;
  return `${from} may not import ${to}: ${rankOf(to) === rankOf(from) ? 'it is beside it' : 'it is below it'}`;
}

/** Adapters know nothing of each other; only the tables of `sql` are shared. */
function faultOfAdapters(file: string, target: string): string | undefined {
  const from = adapterOf(file);
  const to = adapterOf(target);
  if (from === undefined || to === undefined || from === to || to === 'sql') return undefined;
  return `the adapter ${from} may not import the adapter ${to}`;
}

function faultInBrowser(edge: Edge): string | undefined {
  const from = folderOf(edge.file);
  const to = folderOf(targetOf(edge));
  const allowed = inBrowser.get(from);
  if (allowed === undefined || edge.typeOnly || isTest(edge.file) || allowed.includes(to)) return undefined;
  return `${from} runs in a browser: it may import types of ${to} and nothing else`;
}

function faultInWeb(edge: Edge): string | undefined {
  if (!isRelative(edge)) return isOurs(edge.target) ? 'web imports src/client by its path' : undefined;
  const to = targetOf(edge);
  if (to.startsWith('web/') || to.startsWith('src/client/')) return undefined;
  if (to.startsWith('src/api/') && edge.typeOnly) return undefined;
  return 'web may import src/client and types of src/api';
}

function faultInExample(edge: Edge): string | undefined {
  const ownFolder = `${edge.file.split('/').slice(0, 2).join('/')}/`;
  if (isRelative(edge))
    return targetOf(edge).startsWith(ownFolder)
      ? undefined
      : 'an example imports its own files and modelyard';
  const allowed =
    isOurs(edge.target) || edge.target.startsWith('node:') || (edge.target === 'vitest' && isTest(edge.file));
  return allowed ? undefined : 'an example imports its own files and modelyard';
}

function rankOf(folder: string): number {
  return ranks.findIndex((rank) => rank.includes(folder));
}

function folderOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function adapterOf(file: string): string | undefined {
  const [, folder, adapter] = file.split('/');
  return folder === 'adapters' ? adapter : undefined;
}

function targetOf({ file, target }: Edge): string {
  return posix.join(posix.dirname(file), target);
}

function isRelative({ target }: Edge): boolean {
  return target.startsWith('.');
}

function isOurs(target: string): boolean {
  return target === 'modelyard' || target.startsWith('modelyard/');
}

/** What no build contains: it may run a feature on the real adapters of its ports. */
function isForTests(file: string): boolean {
  return isTest(file) || /\.fixture\.tsx?$/.test(file);
}

function isTest(file: string): boolean {
  return /\.test(-d)?\.tsx?$/.test(file);
}
