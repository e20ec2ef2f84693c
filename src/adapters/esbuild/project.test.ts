import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { openTemporaryBlobStore } from '../../data/temporary-blob-store.contract.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import { openBundler } from './bundler.ts';
import { loadModule } from './load-module.ts';
import { loadProject } from './load-project.ts';
import {
  type Files,
  load,
  type Opened,
  optionsFor,
  project,
  temporaryFolder,
  write,
  written,
} from './project.fixture.ts';
import { userCodeError } from './user-error.ts';

/** The keys of the project's functions and schemas, by field. */
async function keysOf(opened: Opened, blobs: BlobStore): Promise<Readonly<Record<string, string>>> {
  const loaded = await load(opened);
  const bundler = openBundler(loaded, { blobs });
  const keys: Record<string, string> = {};
  for (const { name, features, request } of loaded.project.models) {
    keys[`${name}.features`] = (await bundler.bundle(features, `models.${name}.features`)).key;
    keys[`${name}.request`] = (await bundler.bundle(request, `models.${name}.request`)).key;
  }
  for (const { name, run } of loaded.project.steps)
    keys[name] = (await bundler.bundle(run, `steps.${name}.run`)).key;
  return keys;
}

test('a project file is read with its modules, JSON among them, and says which files it read', async () => {
  const opened = await written();
  const loaded = await load(opened);
  expect(loaded.project.models.map((model) => model.title)).toEqual(['Overs', 'inline']);
  expect(loaded.files).toEqual(
    Object.keys(project)
      .map((name) => join(opened.folder, name))
      .toSorted(),
  );
  expect([...loaded.namespaces.keys()].slice(2)).toEqual([
    'steps.ts',
    'share.ts',
    'innings.ts',
    'modelyard.config.ts',
  ]);
  expect(loaded.namespaces.get('steps.ts')?.['own']).toEqual([
    loaded.folder.split('/').at(-1),
    'steps.ts',
    'steps.ts',
  ]);
});

test('bundles run where they are loaded, with zod and Modelyard the running copies', async () => {
  await using blobs = await openTemporaryBlobStore();
  const opened = await written();
  const loaded = await load(opened);
  const bundler = openBundler(loaded, { blobs });
  const [score] = loaded.project.models;
  const features = await bundler.bundle(score?.features, 'models.score.features');
  expect(features.label).toBe('toFeatures in innings.ts');
  const run = await loadModule<(value: object) => object>(features.bundle, { blobs, ...opened.options });
  expect(run({ over: 5 })).toEqual({ share: 0.25, left: 15 });
  expect(await loadModule(features.bundle, { blobs, ...opened.options })).toBe(run);

  const request = await bundler.bundle(score?.request, 'models.score.request');
  const schema = await loadModule<{ parse(value: unknown): unknown }>(request.bundle, {
    blobs,
    ...opened.options,
  });
  expect(schema.parse({ over: 3, match: 'm' })).toEqual({ over: 3, match: 'm' });
  const text = new TextDecoder().decode(await blobs.read(request.bundle));
  expect(text).toMatch(/from "zod"/);
  expect(text).not.toContain(opened.folder);

  const step = await bundler.bundle(loaded.project.steps[0]?.run, 'steps.count.run');
  const count = await loadModule<(context: object) => Promise<string>>(step.bundle, {
    blobs,
    ...opened.options,
  });
  expect(await count({ fail: false })).toBe('Overs');
});

test('a function of ours is bundled by its name', async () => {
  await using blobs = await openTemporaryBlobStore();
  const opened = await written();
  const loaded = await load(opened);
  const read = loaded.project.sources[0]?.reader.read;
  const { bundle, label } = await openBundler(loaded, { blobs }).bundle(read, 'sources.matches.reader.read');
  expect(label).toMatch(/^\w+ in modelyard\/sources$/);
  expect(new TextDecoder().decode(await blobs.read(bundle))).toMatch(
    /^export \{ \w+ as fn \} from "modelyard\/sources";\n$/,
  );
  expect(await loadModule(bundle, { blobs, ...opened.options })).toBe(read);
});

test('what has no name of its own is found in what holds it', async () => {
  await using blobs = await openTemporaryBlobStore();
  const opened = await written();
  const loaded = await load(opened);
  const inline = loaded.project.models[1];
  const { bundle, label } = await openBundler(loaded, { blobs }).bundle(
    inline?.features,
    'models.inline.features',
  );
  expect(label).toBe('default.models.1.features in modelyard.config.ts');
  const run = await loadModule<(value: object) => object>(bundle, { blobs, ...opened.options });
  expect(run({ over: 5 })).toEqual({ left: 15 });
});

test('a value that no module exports is refused, with what to do', async () => {
  await using blobs = await openTemporaryBlobStore();
  const bundler = openBundler(await load(await written()), { blobs });
  for (const value of [() => 1, undefined, z1()])
    await expect(bundler.bundle(value, 'models.score.features')).rejects.toMatchObject({
      code: 'PROJECT_INVALID',
      detail: { field: 'models.score.features', remedy: expect.stringContaining('Export it by name') },
    });
});

const z1 = (): object => ({ from: 'elsewhere' });

const toFeaturesKeys = ['score.features'];
const edit = (file: string, from: string, to: string): Files => {
  const text = project[file] ?? '';
  expect(text).toContain(from);
  return { [file]: text.replace(from, to) };
};

test.each([
  {
    name: 'a comment',
    change: () => edit('innings.ts', 'From a situation to numbers.', 'Other words.'),
    keys: [],
  },
  {
    name: 'a blank',
    change: () => edit('innings.ts', '  return { share', '\n\n      return   { share'),
    keys: [],
  },
  {
    name: 'a type',
    change: () => edit('innings.ts', 'Readonly<Record<string, number>>', 'Record<string, number>'),
    keys: [],
  },
  { name: 'an unused helper', change: () => edit('innings.ts', 'return 1', 'return 2'), keys: [] },
  {
    name: 'an unused schema',
    change: () => edit('innings.ts', 'a: z.string()', 'a: z.string().max(3), b: z.int()'),
    keys: [],
  },
  {
    name: 'the title of a model',
    change: () => edit('settings.json', 'Overs', 'Balls'),
    keys: ['inline.features', 'inline.request'],
  },
  {
    name: 'the function',
    change: () => edit('innings.ts', '20 - situation', '50 - situation'),
    keys: toFeaturesKeys,
  },
  {
    name: 'a helper that it calls',
    change: () => edit('share.ts', 'over / 20', 'over / 50'),
    keys: toFeaturesKeys,
  },
  { name: 'the request', change: () => edit('innings.ts', 'min(0)', 'min(1)'), keys: ['score.request'] },
  { name: 'the step', change: () => edit('steps.ts', 'seven', 'eight'), keys: ['count'] },
])('an edit of $name changes the keys of $keys', async ({ change, keys }) => {
  await using blobs = await openTemporaryBlobStore();
  const before = await keysOf(await written(), blobs);
  const after = await keysOf(await written(change()), blobs);
  const changed = Object.keys(before).filter((field) => before[field] !== after[field]);
  expect(Object.keys(before)).toHaveLength(5);
  // Inline code is held by the whole project, which reaches everything else.
  expect(changed.filter((field) => keys.includes(field) || !field.startsWith('inline.'))).toEqual(keys);
});

test('keys and bundles do not tell where the project lies', async () => {
  await using blobs = await openTemporaryBlobStore();
  const opened = await written();
  const here = await keysOf(opened, blobs);
  const elsewhere = join(await temporaryFolder(), 'deeper', 'down');
  await mkdir(dirname(elsewhere));
  await rename(opened.folder, elsewhere);
  await rm(join(elsewhere, '.modelyard'), { recursive: true });
  expect(await keysOf({ folder: elsewhere, options: optionsFor(elsewhere) }, blobs)).toEqual(here);
});

test('packages become part of a bundle, CommonJS ones and those that load modules of Node too', async () => {
  await using blobs = await openTemporaryBlobStore();
  const opened = await written({
    'node_modules/half/package.json': '{ "name": "half", "version": "1.0.0", "main": "main.cjs" }',
    'node_modules/half/main.cjs': `const { sep } = require('node:path');\nmodule.exports.half = (over) => (sep ? over / 2 : 0);\n`,
    'share.ts': `import { half } from 'half';\nexport const share = (over: number): number => half(over);\n`,
  });
  const loaded = await load(opened);
  expect(loaded.files.filter((file) => file.includes('node_modules'))).toEqual([]);
  const { bundle, key } = await openBundler(loaded, { blobs }).bundle(
    loaded.project.models[0]?.features,
    'models.score.features',
  );
  const run = await loadModule<(value: object) => object>(bundle, { blobs, ...opened.options });
  expect(run({ over: 5 })).toEqual({ share: 2.5, left: 15 });
  await write(opened.folder, {
    'node_modules/half/main.cjs': 'module.exports.half = (over) => over * 0.5;\n',
  });
  const again = await load(opened);
  expect((await openBundler(again, { blobs }).bundle(again.project.models[0]?.features, 'f')).key).not.toBe(
    key,
  );
});

test.each([
  {
    name: 'a syntax error',
    change: { 'share.ts': 'export const share = (over: number) =>\n  over over;\n' },
    field: 'share.ts:2:8',
  },
  {
    name: 'a missing module',
    change: { 'share.ts': `\nexport { share } from './shrae.ts';\n` },
    field: 'share.ts:2:23',
  },
  { name: 'a missing export', change: { 'share.ts': 'export const shear = 1;\n' }, field: 'innings.ts:3:10' },
  {
    name: 'a missing package',
    change: { 'share.ts': `export { share } from 'left-out';\n` },
    field: 'share.ts:1:23',
  },
  {
    name: 'no default export',
    change: { 'modelyard.config.ts': 'export const project = 1;\n' },
    field: 'default export of modelyard.config.ts',
  },
  {
    name: 'another default export',
    change: { 'modelyard.config.ts': 'export default 7;\n' },
    field: 'default export of modelyard.config.ts',
  },
])('$name is refused at its place', async ({ change, field }) => {
  await expect(load(await written(change))).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    detail: { field },
  });
});

test('wiring that is wrong is refused in its own words', async () => {
  const wrong = edit('modelyard.config.ts', 'models: [score, inline]', 'models: [score, score]');
  await expect(load(await written(wrong))).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    detail: { field: 'project', value: 'overs', at: expect.stringMatching(/^modelyard\.config\.ts:12:\d+$/) },
  });
});

test('a throw at load names the file and line that the user wrote', async () => {
  const opened = await written({
    'share.ts': `type Over = number;\n\nexport const share: (over: Over) => Over = JSON.parse('{');\n`,
  });
  await expect(load(opened)).rejects.toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: {
      field: expect.stringMatching(/^share\.ts:3:\d+$/),
      value: expect.stringContaining('SyntaxError'),
    },
  });
});

test('a throw in a loaded bundle names the file and line as well, also where the project is reached by a link', async () => {
  await using blobs = await openTemporaryBlobStore();
  const { folder } = await written();
  const linked = join(await temporaryFolder(), 'linked');
  await symlink(folder, linked);
  const opened = { folder: linked, options: optionsFor(linked) };
  const loaded = await load(opened);
  const { bundle } = await openBundler(loaded, { blobs }).bundle(
    loaded.project.steps[0]?.run,
    'steps.count.run',
  );
  const count = await loadModule<(context: object) => Promise<string>>(bundle, { blobs, ...opened.options });
  const thrown = await count({ fail: true }).catch((error: unknown) => error);
  expect(userCodeError(thrown, loaded.folder)).toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: {
      field: expect.stringMatching(/^steps\.ts:7:\d+$/),
      value: 'TypeError: no over has seven balls',
    },
  });
});

test('a file that is not there is refused', async () => {
  const folder = await temporaryFolder();
  await expect(loadProject(join(folder, 'modelyard.config.ts'), optionsFor(folder))).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
  });
});

test('modules are written once under their digests, and a damaged one is written anew', async () => {
  const opened = await written();
  await load(opened);
  const [first = ''] = await readdir(opened.options.moduleFolder);
  expect(first).toMatch(/^[0-9a-f]{64}\.mjs$/);
  const path = join(opened.options.moduleFolder, first);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.slice(0, 100));
  await load(opened);
  expect(await readFile(path, 'utf8')).toBe(text);
  expect(await readdir(opened.options.moduleFolder)).toEqual([first]);
});
