import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ImportOptions } from './import-text.ts';
import { loadProject } from './load-project.ts';

export type Files = Readonly<Record<string, string>>;

export async function write(folder: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelyard project ')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const source = (path: string): string => new URL(`../../${path}`, import.meta.url).href;

export const optionsFor = (folder: string): ImportOptions => ({
  moduleFolder: join(folder, '.modelyard', 'modules'),
  self: {
    modelyard: source('index.ts'),
    'modelyard/sources': source('sources/index.ts'),
    'modelyard/client': source('client/index.ts'),
    'modelyard/project-params': source('project/params.ts'),
    zod: 'zod',
  },
});

export const config = `
import { boostedTrees, defineProject, lower, model, source, step, table } from 'modelyard';
import { cricsheet } from 'modelyard/sources';
import { z } from 'zod';
import { count } from './steps.ts';
import { Situation, toFeatures } from './innings.ts';
import settings from './settings.json';

const Row = z.object({ match: z.string(), day: z.iso.date(), over: z.int(), final: z.number() });
const matches = source('matches', cricsheet({ from: './data' }));
const counted = step('count', { in: { matches }, out: { rows: table(Row) } }, count);
const score = model('score', {
  title: settings.title,
  rows: counted.out.rows,
  request: Situation,
  features: toFeatures,
  target: 'final',
  split: { by: 'day', group: 'match', test: 0.2 },
  trainer: boostedTrees({ trees: 5 }),
  metrics: ['mae'],
  promote: { alias: 'prod', when: lower('mae') },
});
const inline = model('inline', {
  rows: counted.out.rows,
  request: z.object({ over: z.int() }),
  features: ({ over }) => ({ left: 20 - over }),
  target: 'final',
  split: { by: 'day', group: 'match', test: 0.2 },
  trainer: boostedTrees({ trees: 5 }),
  metrics: ['mae'],
  promote: { alias: 'prod', when: lower('mae') },
});
export default defineProject('overs', { models: [score, inline] });
`;

export const innings = `
import { z } from 'zod';
import { share } from './share.ts';
export const Situation = z.object({ over: z.int().min(0), match: z.string() });
export const Unused = z.object({ a: z.string() });
export function unused(): number { return 1; }
/** From a situation to numbers. */
export function toFeatures(situation: z.output<typeof Situation>): Readonly<Record<string, number>> {
  return { share: share(situation.over), left: 20 - situation.over };
}
`;

export const project: Files = {
  'modelyard.config.ts': config,
  'innings.ts': innings,
  'share.ts': `import { toFeatures } from './innings.ts';\nexport const share = (over: number): number => over / 20;\nexport const back = () => toFeatures;\n`,
  'steps.ts': `
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
export const own = [basename(import.meta.dirname), basename(import.meta.url), basename(import.meta.filename)];
export async function count(context: { fail: boolean }): Promise<string> {
  const title = JSON.parse(readFileSync(join(import.meta.dirname, 'settings.json'), 'utf8')).title;
  if (context.fail) throw new TypeError('no over has seven balls');
  return title;
}
`,
  'settings.json': '{ "title": "Overs" }',
};

export interface Opened {
  readonly folder: string;
  readonly options: ImportOptions;
}

export async function written(changes: Files = {}): Promise<Opened> {
  const folder = await temporaryFolder();
  await write(folder, { ...project, ...changes });
  return { folder, options: optionsFor(folder) };
}

export const load = ({ folder, options }: Opened): ReturnType<typeof loadProject> =>
  loadProject(join(folder, 'modelyard.config.ts'), options);
