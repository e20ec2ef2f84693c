import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openMeter } from '../http/metrics/meter.ts';
import { openClosers } from '../kernel/closers.ts';
import { silentLog } from '../kernel/log.ts';
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
