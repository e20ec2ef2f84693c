import { expect, test } from 'vitest';
import { z } from 'zod';
import { digestOf } from '../kernel/digest.ts';
import { defineProject } from '../project/define.ts';
import { type Origin, simulation } from '../project/tables/origin.ts';
import { type Reader, source } from '../project/tables/source.ts';
import { step } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { planTasks, tableInput } from './plan-tasks.ts';
import type { Bundler } from './ports.ts';
import { fetchSource, readSource } from './source-operations.ts';
import { userStep } from './user-step.ts';

const Row = z.object({ id: z.string() });
const readRows = (): never[] => [];
const makeRaw = (): never[] => [];
const tidy = async (): Promise<void> => {};

const asked: string[] = [];
const bundler: Bundler = {
  async bundle(value, field) {
    asked.push(field);
    const digest = digestOf(String(value));
    return { key: digest, bundle: digest, label: (value as { readonly name: string }).name };
  },
};

const reader = (from: Origin): Reader<z.infer<typeof Row>> => ({
  kind: 'lines',
  version: 3,
  from,
  options: { delimiter: ';' },
  table: table(Row),
  read: readRows,
});
const raw = source('raw', reader('raw.csv'));
const simulated = source('made', reader(simulation(makeRaw)({ seed: 4 })));
const clean = step(
  'clean',
  { in: { raw, simulated }, out: { rows: table(Row), odd: table(Row) }, params: { least: 1 } },
  tidy,
);
const last = step('last', { in: { odd: clean.out.odd }, out: { rows: table(Row) } }, tidy);

test('a source is fetched and then read, a step reads what others leave; each after what it needs', async () => {
  const tasks = await planTasks(
    defineProject('p', { steps: [last] }),
    [fetchSource, readSource, userStep],
    bundler,
  );
  expect(tasks.map(({ name, operation, reuse }) => `${name}: ${operation}, ${reuse}`)).toEqual([
    'raw.fetch: fetch, always-look',
    'raw: read, by-key',
    'made.fetch: fetch, by-key',
    'made: read, by-key',
    'clean: step, by-key',
    'last: step, by-key',
  ]);
  const [fetchRaw, read, fetchMade, , cleans, lasts] = tasks;
  expect(fetchRaw).toMatchObject({
    inputs: {},
    code: {},
    params: { origins: [{ kind: 'address', from: 'raw.csv' }], isKept: false },
  });
  expect(read).toMatchObject({
    inputs: { files: { task: 'raw.fetch', output: 'files' } },
    code: { read: { label: 'readRows' } },
    params: { kind: 'lines', version: 3, options: { delimiter: ';' } },
    outputs: { rows: { kind: 'table', schema: { columns: [{ name: 'id' }] } } },
  });
  expect(fetchMade).toMatchObject({
    code: { '0.make': { label: 'makeRaw' } },
    params: { origins: [{ kind: 'simulation', args: { seed: 4 } }], isKept: false },
  });
  expect(cleans?.inputs).toEqual({ raw: tableInput(raw), simulated: tableInput(simulated) });
  expect(cleans).toMatchObject({ params: { least: 1 }, code: { run: { label: 'tidy' } } });
  expect(Object.keys(cleans?.outputs ?? {})).toEqual(['rows', 'odd']);
  expect(lasts?.inputs).toEqual({ odd: { task: 'clean', output: 'odd' } });
  expect(asked, 'what a bundler says of a function that it cannot find').toEqual(
    expect.arrayContaining(['sources.raw.reader.read', 'sources.made.reader.from.make', 'steps.clean.run']),
  );
});

test('limits of a task come from its operation, and a step sets its own timeout', async () => {
  const limited = step('limited', { in: { raw }, out: { rows: table(Row) }, timeout: '90s' }, tidy);
  const operations = [
    fetchSource,
    { ...readSource, limits: { timeout: 5, resources: { cpus: 2 } } },
    userStep,
  ];
  const planned = async (last: typeof limited) => {
    const tasks = await planTasks(defineProject('p', { steps: [last] }), operations, bundler);
    return tasks.map(({ limits }) => limits);
  };
  expect(await planned(limited)).toEqual([
    { attempts: 1 },
    { attempts: 1, timeout: 5, resources: { cpus: 2 } },
    { attempts: 1, timeout: 90_000 },
  ]);
  const wrong = step(
    'wrong',
    { in: { raw }, out: { rows: table(Row) }, timeout: '90 seconds' as '90s' },
    tidy,
  );
  await expect(planned(wrong)).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    detail: {
      remedy: 'step wrong: timeout is "90 seconds": give a number and one of ms, s, m, h, d, such as "30s"',
    },
  });
});
