import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openMeter } from '../../http/metrics/meter.ts';
import { openClosers } from '../../kernel/closers.ts';
import { silentLog } from '../../kernel/log.ts';
import { buildApp } from './build-app.ts';
import { openState } from './state.ts';

const projectOf = (step: string): string => `
import { defineProject, source, step, table, z } from 'modelyard';
import { csv } from 'modelyard/sources';
import { double } from './steps.ts';
const Row = z.object({ n: z.number() });
const rows = source('rows', csv({ from: 'rows.csv', row: Row }));
export default defineProject('doubles', {
  steps: [step('${step}', { in: { rows }, out: { rows: table(Row) } }, double)],
});
`;

test('a run is of the files as they are then, and a project that does not load refuses it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-host-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const configPath = join(folder, 'modelyard.config.ts');
  const stepsPath = join(folder, 'steps.ts');
  await writeFile(stepsPath, 'export const double = () => 2;\n');
  await writeFile(configPath, projectOf('double'));
  await using closers = openClosers();
  const workspace = { configPath, projectFolder: folder, stateFolder: join(folder, '.modelyard') };
  const { stateFolder } = workspace;
  const state = await openState(closers, { stateFolder, holder: 'a test', log: silentLog });
  const options = { workspace, log: silentLog, meter: openMeter(), env: {} };
  const { host, operationsFor } = await buildApp(closers, state, options);
  if (!host) throw new TypeError('no project is hosted');
  const { startRun, listJobs } = operationsFor({ key: 'test', protocol: 'test' });

  const first = host.project();
  await host.refresh();
  expect(host.project(), 'nothing changed').toBe(first);

  await writeFile(configPath, projectOf('twice'));
  expect(await startRun({ project: 'doubles', target: 'twice' })).toMatchObject({ status: 'queued' });
  const second = host.project();
  await writeFile(stepsPath, 'export const double = () => 3;\n');
  await host.refresh();
  expect(host.project(), 'a module that the project imports changed').not.toBe(second);

  const last = host.project();
  await writeFile(stepsPath, 'export const double = (');
  await expect(startRun({ project: 'doubles' })).rejects.toMatchObject({ code: 'PROJECT_INVALID' });
  await expect(host.run({ why: 'a test' })).rejects.toMatchObject({ code: 'PROJECT_INVALID' });
  expect(host.project(), 'the last good one is kept').toBe(last);
  expect(await listJobs({ project: 'doubles', limit: 10 })).toHaveLength(1);

  await writeFile(stepsPath, 'export const double = () => 4;\n');
  await host.refresh();
  expect(host.project().problem).toBeUndefined();
});

test('mistakes in the types refuse a run, and the project shows them until they are corrected', async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelyard-host-types-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  await write('tsconfig.json', '{ "compilerOptions": { "module": "nodenext", "strict": true } }');
  await write('node_modules/typescript/package.json', '{ "version": "1.2.3", "bin": { "tsc": "tsc.mjs" } }');
  await write(
    'node_modules/typescript/tsc.mjs',
    `import ${JSON.stringify(join(dirname(compiler), 'bin/tsc'))};`,
  );
  await write('node_modules/modelyard/package.json', '{ "name": "modelyard", "types": "dist/index.d.ts" }');
  await write(
    'node_modules/modelyard/dist/index.d.ts',
    `export const [defineProject, step, table, z]: any[];
export type All = any;`,
  );
  const steps = (name: string): string =>
    `const row: { n: number } = { n: 1 };\nexport const n = row.${name};\n`;
  await write('steps.ts', steps('m'));
  const projectFile = (options: string): string => `
import { defineProject, step, table, z } from 'modelyard';
import { n } from './steps.ts';
export const work = () => {};
const numbers = step('numbers', { in: {}, out: { rows: table(z.object({ n: z.number() })) } }, work);
export default defineProject('typed', { title: String(n), steps: [numbers]${options} });
`;
  await write('modelyard.config.ts', projectFile(''));
  await using closers = openClosers();
  const stateFolder = join(folder, '.modelyard');
  const workspace = { configPath: join(folder, 'modelyard.config.ts'), projectFolder: folder, stateFolder };
  const state = await openState(closers, { stateFolder, holder: 'a test', log: silentLog });
  const options = { workspace, log: silentLog, meter: openMeter(), env: {} };
  const { host } = await buildApp(closers, state, options);
  if (!host) throw new TypeError('no project is hosted');

  // Its target is looked for once the types are right.
  const unknown = { why: 'a test', target: 'no-such-step' };
  const mistake = { remedy: expect.stringContaining("'m'"), at: 'steps.ts:2:22' };
  const more = [{ field: 'type errors', value: 1, remedy: expect.stringContaining('checkTypes: false') }];
  const refused = { code: 'PROJECT_INVALID', detail: { ...mistake, more } };
  await expect(host.run(unknown)).rejects.toMatchObject(refused);
  expect(host.project().problem).toMatchObject(refused);
  await host.reload();
  expect(host.project().problem, 'a change that does not correct it').toMatchObject(refused);
  await write('modelyard.config.ts', projectFile(', checkTypes: false'));
  await expect(host.run(unknown)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  expect(host.project().problem).toBeUndefined();
  await write('modelyard.config.ts', projectFile(''));
  await write('steps.ts', steps('n'));
  await expect(host.run(unknown)).rejects.toMatchObject({ code: 'TASK_NOT_FOUND' });
  expect(host.project().problem).toBeUndefined();
});
