import { mkdir, mkdtemp, realpath, rm, unlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkTypes, type TypesToCheck, typesNotChecked } from './check-types.ts';

const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
const wrapper = 'node_modules/typescript/tsc.mjs';

const config = `import { toFeatures } from './features.ts';
import type { Row } from './row.ts';
export const row: Row = { size: 1 };
export default toFeatures(row);
`;
const files: Readonly<Record<string, string>> = {
  'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "strict": true, "noUnusedLocals": true } }',
  'row.ts': 'export interface Row { readonly size: number }\n',
  'features.ts': `import type { Row } from './row.ts';
const unused = 1;
export const toFeatures = (row: Row) => ({ size: row.size });
`,
  'modelyard.config.ts': config,
  'not-imported.ts': 'export const wrong: number = "text";\n',
  'node_modules/modelyard/package.json': '{ "name": "modelyard" }',
  'node_modules/modelyard/dist/index.d.ts': 'export {};',
  'node_modules/typescript/package.json': '{ "version": "1.2.3", "bin": { "tsc": "tsc.mjs" } }',
  [wrapper]: `await import(${JSON.stringify(join(dirname(compiler), 'bin/tsc'))});`,
};

interface Written extends TypesToCheck {
  readonly write: (file: string, text: string) => Promise<void>;
  readonly remove: (file: string) => Promise<void>;
}

async function projectWith(change: Readonly<Record<string, string>> = {}): Promise<Written> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelyard-types-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  for (const [file, text] of Object.entries({ ...files, ...change })) await write(file, text);
  const configPath = join(folder, 'modelyard.config.ts');
  return {
    configPath,
    folder,
    files: [configPath, join(folder, 'features.ts')],
    cacheFolder: join(folder, '.modelyard/modules'),
    write,
    remove: (file) => unlink(join(folder, file)),
  };
}

const loose = 'export const toFeatures = (row) => row;\n';
const misspelt = `import type { Row } from './row.ts';
export const toFeatures = (row: Row) => ({ size: row.sise });
`;

test('a misspelt column is an error with its file and line; other files and unused names are none', async () => {
  expect((await checkTypes(await projectWith()))?.errors).toEqual([]);
  const { errors = [] } = (await checkTypes(await projectWith({ 'features.ts': misspelt }))) ?? {};
  expect(errors).toEqual([
    { file: 'features.ts', line: 2, column: 54, code: 'TS2339', message: expect.stringContaining("'sise'") },
  ]);
});

test('the check of unchanged files is not repeated, and a file of types alone counts', async () => {
  const project = await projectWith();
  const first = await checkTypes(project);
  expect(first?.files).toEqual(
    expect.arrayContaining(['row.ts', 'tsconfig.json'].map((file) => join(project.folder, file))),
  );
  await project.remove(wrapper);
  expect(await checkTypes(project)).toEqual(first);
  await project.write('row.ts', 'export interface Row { readonly sise: number }\n');
  await expect(checkTypes(project), 'the compiler is needed again').rejects.toThrow(
    'tsc of TypeScript 1.2.3',
  );
  await project.write(wrapper, files[wrapper] ?? '');
  expect((await checkTypes(project))?.errors.map(({ file }) => file)).toEqual([
    'features.ts',
    'modelyard.config.ts',
  ]);
});

test('a file that is saved while the compiler runs is checked anew', async () => {
  const project = await projectWith();
  const file = JSON.stringify(join(project.folder, 'row.ts'));
  const broken = JSON.stringify('export interface Row { readonly sise: number }\n');
  const wrapped = files[wrapper] ?? '';
  const saving = `process.on('exit', () => fs.writeFileSync(${file}, ${broken}));\n`;
  await project.write(wrapper, `import fs from 'node:fs';\n${saving}${wrapped}`);
  expect((await checkTypes(project))?.errors).toEqual([]);
  await project.write(wrapper, wrapped);
  expect((await checkTypes(project))?.errors).not.toEqual([]);
});

test('a changed tsconfig.json is checked anew, and its own mistakes are errors', async () => {
  const project = await projectWith({ 'features.ts': loose });
  expect((await checkTypes(project))?.errors).toMatchObject([{ file: 'features.ts', code: 'TS7006' }]);
  await project.write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "strict": false } }');
  expect((await checkTypes(project))?.errors).toEqual([]);
  await project.write('tsconfig.json', '{ "compilerOptions": { "strickt": true } }');
  expect((await checkTypes(project))?.errors).toContainEqual(
    expect.objectContaining({ file: 'tsconfig.json', code: 'TS5023' }),
  );
});

const strictness = (strict: boolean): string =>
  `// what both have\n{ "compilerOptions": { "module": "nodenext", "strict": ${strict}, }, /* more */ }\n`;

test.each([
  ['a file beside it', './base.json', 'base.json'],
  ['a file without its ending', './base', 'base.json'],
  ['one of several files', ['./none.json', './base.json'], 'base.json'],
  ['a package', 'shared-config', 'node_modules/shared-config/tsconfig.json'],
  ['a file of a package', 'shared-config/strict.json', 'node_modules/shared-config/strict.json'],
  ['a file that extends another', './middle.json', 'base.json'],
])(
  'a project is checked anew after a change of what its tsconfig.json extends: %s',
  async (_, name, file) => {
    const project = await projectWith({
      'tsconfig.json': JSON.stringify({ extends: name }),
      'none.json': '{}',
      'middle.json': '{ "extends": ["./base.json"] }',
      'node_modules/shared-config/package.json': '{ "name": "shared-config" }',
      [file]: strictness(false),
      'features.ts': loose,
    });
    expect((await checkTypes(project))?.errors).toEqual([]);
    await project.write(file, strictness(true));
    expect((await checkTypes(project))?.errors).toMatchObject([{ file: 'features.ts', code: 'TS7006' }]);
  },
);

const usesGlobal = 'export const toFeatures = (_row: unknown): number => madeUp;\n';

test.each([
  ['a declaration file in the folder', 'globals.d.ts', 'declare const madeUp: '],
  ['a declaration file in a folder of it', 'types/globals.d.ts', 'declare const madeUp: '],
  ['a module', 'row.ts', 'export interface Row { size: number }; declare global { var madeUp: '],
])('a changed global declaration is checked where it is used: %s', async (_, file, declaration) => {
  const end = declaration.includes('{') ? ' }\n' : ';\n';
  const project = await projectWith({
    'features.ts': usesGlobal,
    [file]: `${declaration}number${end}`,
  });
  expect((await checkTypes(project))?.errors).toEqual([]);
  await project.write(file, `${declaration}string${end}`);
  expect((await checkTypes(project))?.errors).toMatchObject([{ file: 'features.ts', code: 'TS2322' }]);
});

test('a mistake is gone once the declaration that it lacked is there', async () => {
  const project = await projectWith({ 'features.ts': usesGlobal });
  expect((await checkTypes(project))?.errors).toMatchObject([{ file: 'features.ts', code: 'TS2304' }]);
  await project.write('globals.d.ts', 'declare const madeUp: number;\n');
  expect((await checkTypes(project))?.errors).toEqual([]);
});

test('a project is checked anew after a package is installed in another version', async () => {
  const folder = 'node_modules/made-up';
  const project = await projectWith({
    [`${folder}/package.json`]: '{ "version": "1.0.0", "types": "index.d.ts" }',
    [`${folder}/index.d.ts`]: 'export declare const size: number;',
    'features.ts':
      "import { size } from 'made-up';\nexport const toFeatures = (_row: unknown): number => size;\n",
  });
  expect((await checkTypes(project))?.errors).toEqual([]);
  await project.write(`${folder}/package.json`, '{ "version": "2.0.0", "types": "index.d.ts" }');
  await project.write(`${folder}/index.d.ts`, 'export declare const size: string;');
  expect((await checkTypes(project))?.errors).toMatchObject([{ file: 'features.ts', code: 'TS2322' }]);
});

test('a state elsewhere finds the packages of types beside the project', async () => {
  const project = await projectWith({
    'tsconfig.json': '{ "compilerOptions": { "module": "nodenext", "types": ["made-up"] } }',
    'node_modules/@types/made-up/package.json': '{ "name": "@types/made-up", "types": "index.d.ts" }',
    'node_modules/@types/made-up/index.d.ts': 'declare const madeUp: number;',
    'features.ts': 'export const toFeatures = (_row: unknown) => madeUp;\n',
  });
  const state = await mkdtemp(join(tmpdir(), 'modelyard-state-'));
  onTestFinished(() => rm(state, { recursive: true }));
  expect((await checkTypes({ ...project, cacheFolder: state }))?.errors).toEqual([]);
});

test.each([
  ['node_modules/typescript/package.json', 'npm install --save-dev typescript'],
  ['tsconfig.json', 'npx tsc --init'],
  ['node_modules/modelyard/dist/index.d.ts', 'npm install'],
])('without %s the types are not checked, and the reason has a command', async (file, command) => {
  const project = await projectWith();
  expect(typesNotChecked(project)).toBeUndefined();
  // A folder above may have TypeScript too.
  if (file.includes('typescript')) await project.write(file, '{}');
  else await project.remove(file);
  expect(typesNotChecked(project)).toContain(`\`${command}\``);
  expect(await checkTypes(project)).toBeUndefined();
});

test('a project in JavaScript has no types to check', async () => {
  const project = await projectWith({ 'modelyard.config.js': 'export default 1;' });
  const inScript = { ...project, configPath: join(project.folder, 'modelyard.config.js') };
  expect(await checkTypes(inScript)).toBeUndefined();
  await project.remove('tsconfig.json');
  expect(typesNotChecked(inScript)).toBeUndefined();
});
