import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import { defineProject } from '../project/define.ts';
import { simulation } from '../project/tables/origin.ts';
import { source } from '../project/tables/source.ts';
import { step, type StepContext } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { csv } from '../sources/csv/csv.ts';
import { openWorkbench, type Workbench } from './operations.fixture.ts';
import { planTasks } from './plan-tasks.ts';
import { fetchSource, readSource } from './source-operations.ts';
import { requireFresh } from './table-checks.ts';
import type { OutputSpec, Task, TaskResult } from './task.ts';
import { userStep } from './user-step.ts';

const Row = z.object({ id: z.string(), day: z.iso.date() });
type Row = z.infer<typeof Row>;
const { schema } = table(Row);

function write(
  rows: readonly Row[],
  output: Partial<OutputSpec>,
  { bench, last }: { readonly bench: Workbench; readonly last?: TaskResult },
): Promise<TaskResult> {
  const run = async ({ out }: StepContext<Record<string, never>, { rows: Row }>): Promise<void> =>
    out.rows.write(rows);
  return bench.work('step', {
    code: { run },
    outputs: { rows: { kind: 'table', schema, ...output } as OutputSpec },
    ...(last && { last: { previousVersion: last } }),
  });
}

const twice = [
  { id: 'a', day: '2024-01-01' },
  { id: 'a', day: '2024-01-02' },
];

test('a check that fails stops the step, with its figures, and leaves the offending rows as a file', async () => {
  await using bench = await openWorkbench([userStep]);
  const error = await write(twice, { checks: { unique: ['id'] } }, { bench }).catch(
    (cause: unknown) => cause,
  );
  if (!(error instanceof PlatformError)) throw error;
  expect(error.code).toBe('DATA_INVALID');
  expect(error.message).toBe(
    'bad data: check unique of step has failed: 1 value of id repeats, in 2 rows: leave out the rows that are too many, or remove the check `unique`; the run has 2 rows in checks/step/unique.json (got id=a, day=2024-01-01; id=a, day=2024-01-02)',
  );
  const { artifact } = error.detail;
  expect(JSON.parse(new TextDecoder().decode(await bench.blobs.read(artifact?.digest as Digest)))).toEqual(
    twice,
  );
});

test('rows are compared with the last version of data of the same origin', async () => {
  await using bench = await openWorkbench([userStep]);
  const checks = { rows: { shrink: 0 } };
  const last = await write(twice, { checks }, { bench });
  await expect(write(twice.slice(1), { checks }, { bench, last })).rejects.toThrow(
    '1 row, 50% fewer than the 2',
  );
  await write(twice.slice(1), { checks, simulated: true }, { bench, last });
});

test('a table from the cache grows old', async () => {
  await using bench = await openWorkbench([userStep]);
  const checks = { fresh: { by: 'day', within: '2d' } } as const;
  const result = await write(twice, {}, { bench });
  const task = { name: 'bars', outputs: { rows: { kind: 'table', schema, checks } } } as unknown as Task;
  const at = (day: string) => ({ blobs: bench.blobs, now: () => Date.parse(day) });
  await requireFresh(task, result, at('2024-01-03'));
  await expect(requireFresh(task, result, at('2024-01-05'))).rejects.toThrow(
    'check fresh of bars has failed: the newest day is 2024-01-02, 3 days ago; at most 2d is allowed',
  );
});

const bundler = { bundle: async () => ({ key: 'k' as Digest, bundle: 'b' as Digest, label: 'fn' }) };
const operations = [fetchSource, readSource, userStep];
const writeRows = simulation(() => []);

test('the age of data from simulations is not checked, and its tables say where they come from', async () => {
  const checks = { fresh: { by: 'day', within: '2d' }, rows: { shrink: 0.1 } } as const;
  const outputOf = async (
    from: Parameters<typeof csv>[0]['from'],
  ): Promise<readonly (OutputSpec | undefined)[]> => {
    const rows = source('raw', csv({ from, row: Row }), { checks });
    const copy = step('copy', { in: { rows }, out: { rows: table(Row, checks) } }, async () => {});
    const tasks = await planTasks(defineProject('p', { steps: [copy] }), operations, bundler);
    expect(tasks.find(({ name }) => name === 'copy')?.last).toEqual({ previousVersion: 'copy' });
    return ['raw', 'copy'].map((task) => tasks.find(({ name }) => name === task)?.outputs['rows']);
  };
  const { fresh: _fresh, ...others } = checks;
  expect(await outputOf(writeRows({}))).toEqual([
    { kind: 'table', schema, checks: others, simulated: true },
    { kind: 'table', schema, checks: others, simulated: true },
  ]);
  expect(await outputOf('rows.csv')).toEqual([
    { kind: 'table', schema, checks, simulated: false },
    { kind: 'table', schema, checks, simulated: false },
  ]);
});

test('SQL of a check is a mistake of the project file if it cannot be run', async () => {
  const none = { 'an old day': "select * from rows where dya < '2020-01-01'" };
  const raw = source('raw', csv({ from: 'a.csv', row: Row }), { checks: { none } });
  const copy = step('copy', { in: { raw }, out: {} }, async () => {});
  await expect(planTasks(defineProject('p', { steps: [copy] }), operations, bundler)).rejects.toThrow(
    'source raw, checks.none."an old day", line 1, column 26: there is no column "dya": did you mean "day"?',
  );
});
