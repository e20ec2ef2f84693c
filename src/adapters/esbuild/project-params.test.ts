import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openTemporaryBlobStore } from '../../data/temporary-blob-store.contract.ts';
import type { GivenParam } from '../../project/params.ts';
import { openBundler } from './bundler.ts';
import { loadModule } from './load-module.ts';
import { loadProject, type LoadedProject } from './load-project.ts';
import { optionsFor, temporaryFolder, write } from './project.fixture.ts';

const config = `
import { defineProject, params, source, step, table } from 'modelyard';
import { csv } from 'modelyard/sources';
import { z } from 'zod';
import { plain, scaled } from './steps.ts';

export const {
  live, k: factor,
} = params(z.object({ live: z.boolean().default(false), k: z.int().default(2), unused: z.string().default('x') }));
const Row = z.object({ a: z.number() });
const rows = source('rows', csv({ from: live ? 'live.csv' : 'made.csv', row: Row }));
export const times = step('times', { in: { rows }, out: { rows: table(Row) } }, async () => factor);
export const free = step('free', { in: { rows }, out: { rows: table(Row) } }, async () => 1);
export const inFile = step('in-file', { in: { rows }, out: { rows: table(Row) } }, scaled);
export const apart = step('apart', { in: { rows }, out: { rows: table(Row) } }, plain);
export default defineProject('scaled', { steps: [times, free, inFile, apart] });
`;
const steps = `
import { factor } from './modelyard.config.ts';
export async function scaled() { return factor * 10; }
export async function plain() { return 'params'; }
`;

const set = (name: string, value: string): GivenParam => ({
  name,
  value,
  isText: true,
  field: `--set ${name}`,
});

async function opened(given: readonly GivenParam[], text = config): Promise<LoadedProject> {
  const folder = await temporaryFolder();
  await write(folder, { 'modelyard.config.ts': text, 'steps.ts': steps });
  return loadProject(join(folder, 'modelyard.config.ts'), { ...optionsFor(folder), given });
}

/** Keys of the steps, and what each function gives in a task. */
async function stepsOf(loaded: LoadedProject) {
  await using blobs = await openTemporaryBlobStore();
  const bundler = openBundler(loaded, { blobs });
  const found: Record<string, { readonly key: string; readonly value: unknown }> = {};
  for (const { name, run } of loaded.project.steps) {
    const { key, bundle } = await bundler.bundle(run, `steps.${name}.run`);
    const fn = await loadModule<() => Promise<unknown>>(bundle, { blobs, ...optionsFor(loaded.folder) });
    found[name] = { key, value: await fn() };
  }
  return found;
}

test('params are read once, and a task sees the values that the project was loaded with', async () => {
  const plain = await opened([]);
  expect(plain.params).toEqual({ live: false, k: 2, unused: 'x' });
  expect(plain.project.sources[0]?.reader.from).toEqual('made.csv');
  const changed = await opened([set('k', '3'), set('live', 'true')]);
  expect(changed.project.sources[0]?.reader.from).toEqual('live.csv');
  const values = Object.fromEntries(
    Object.entries(await stepsOf(changed)).map(([name, { value }]) => [name, value]),
  );
  expect(values).toEqual({ times: 3, free: 1, 'in-file': 30, apart: 'params' });
});

test('a param is part of the keys of the functions that reach it, and of no others', async () => {
  const [base, other, unused] = await Promise.all([
    opened([]).then(stepsOf),
    opened([set('k', '3')]).then(stepsOf),
    opened([set('unused', 'y')]).then(stepsOf),
  ]);
  const changed = (after: typeof base): readonly string[] =>
    Object.keys(base).filter((name) => base[name]?.key !== after[name]?.key);
  expect(changed(other)).toEqual(['times', 'in-file']);
  expect(changed(unused)).toEqual([]);
});

test('params as one object, and through a namespace, work too', async () => {
  const text = config
    .replace('import { defineProject, params,', "import * as yard from 'modelyard';\nimport { defineProject,")
    .replace('export const {\n  live, k: factor,\n} = params(', 'const settings = yard.params(')
    .replace('const Row', 'export const { live, k: factor } = settings;\nconst Row');
  const loaded = await opened([set('k', '4')], text);
  expect((await stepsOf(loaded))['in-file']?.value).toBe(40);
});

test('an import that Modelyard does not have is named with the package', async () => {
  const text = config
    .replace('import { defineProject, params,', 'import { defineProjekt, defineProject, params,')
    .replace('export default', 'export const other = defineProjekt;\nexport default');
  await expect(opened([set('k', '4')], text)).rejects.toMatchObject({
    detail: { value: 'No matching export in "modelyard" for import "defineProjekt"' },
  });
});

test('a wrong value, an unknown name and a project without params are errors', async () => {
  await expect(opened([set('k', 'two')])).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: 'bad configuration: --set k must be a whole number (got "two")',
  });
  await expect(opened([set('liv', 'true')])).rejects.toThrow('did you mean "live"?');
  const none = `import { defineProject, source, step, table, z } from 'modelyard';
import { csv } from 'modelyard/sources';
const rows = source('rows', csv({ from: 'a.csv', row: z.object({ a: z.number() }) }));
export const s = step('s', { in: { rows }, out: {} }, async () => {});
export default defineProject('none', { steps: [s] });`;
  await expect(opened([set('k', '1')], none)).rejects.toThrow('the project has no params');
  const file: GivenParam = { name: 'lr', value: 1, isText: false, field: 'lr in params.yaml' };
  expect((await opened([file], none)).params).toBeUndefined();
});
