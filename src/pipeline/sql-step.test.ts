import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Digest } from '../kernel/digest.ts';
import { defineProject } from '../project/define.ts';
import { sql } from '../project/tables/sql.ts';
import { step, type StepContext } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { openWorkbench } from './operations.fixture.ts';
import { planTasks } from './plan-tasks.ts';
import { sqlStep } from './sql-step.ts';
import type { Task } from './task.ts';
import { userStep } from './user-step.ts';

const Row = z.object({ n: z.int(), name: z.string().nullable() });
const filled = step('filled', { in: {}, out: { rows: table(Row) } }, async () => {});
const Out = z.object({ name: z.string(), total: z.int() });
const bundler = { bundle: async () => ({ key: 'k' as Digest, bundle: 'b' as Digest, label: 'filled' }) };

function plan(select: string, params = {}): Promise<readonly Task[]> {
  const totals = sql('totals', { in: { rows: filled.out.rows }, out: table(Out), params }, select);
  return planTasks(defineProject('p', { steps: [totals] }), [userStep, sqlStep], bundler);
}

test('its task reads the inputs by name, and its SELECT is the same in any style', async () => {
  const [, task] = await plan('select name, sum(n) as total from rows group by name -- all');
  expect(task).toMatchObject({
    name: 'totals',
    operation: 'sql',
    inputs: { rows: { task: 'filled', output: 'rows' } },
    params: { select: 'SELECT "name", sum(n) AS total FROM "rows" GROUP BY "name"', params: {} },
  });
  const [, other] = await plan('SELECT name,\n sum(n) total FROM rows GROUP BY name');
  expect(other?.params).toEqual(task?.params);
});

test.each([
  [
    'select nam as name, n as total from rows',
    'sql totals, line 1, column 8: there is no column "nam": did you mean',
  ],
  ['select name from rows', 'sql totals: selects no column "total", which its table has'],
  [
    'select name, n::varchar as total from rows',
    'sql totals: column "total" is VARCHAR, and its table has a whole number',
  ],
  ['drop table rows', 'sql totals: must be one SELECT'],
])('%j is a mistake of the project file: %s', async (select, message) => {
  await expect(plan(select)).rejects.toMatchObject({
    code: 'PROJECT_INVALID',
    message: expect.stringContaining(message),
  });
});

async function run(select: string, rows: readonly z.infer<typeof Row>[]) {
  await using bench = await openWorkbench([userStep, sqlStep]);
  const fill = async ({
    out,
  }: StepContext<Record<string, never>, { rows: z.infer<typeof Row> }>): Promise<void> =>
    out.rows.write(rows);
  const first = await bench.work('step', {
    code: { run: fill },
    outputs: { rows: { kind: 'table', schema: table(Row).schema } },
  });
  return await bench.work('sql', {
    inputs: { rows: first.outputs['rows'] as Digest },
    params: { select, params: {} },
    outputs: { rows: { kind: 'table', schema: table(Out).schema } },
  });
}

test('it writes its rows, and the same rows have the same digest', async () => {
  const select = 'select name, sum(n) as total from rows where name is not null group by name';
  const rows = [
    { n: 1, name: 'b' },
    { n: 2, name: 'a' },
    { n: 3, name: 'b' },
    { n: 4, name: null },
  ];
  const result = await run(select, rows);
  expect(result.facts).toEqual({ rows: 2 });
  expect((await run(select, rows.toReversed())).outputs).toEqual(result.outputs);
});

test('a null where the table has none stops it, with the row and the column', async () => {
  await expect(run('select name, n as total from rows', [{ n: 1, name: null }])).rejects.toMatchObject({
    code: 'DATA_INVALID',
    message: expect.stringMatching(/column name in row 1 of .* must be text/),
  });
});

test('a value that the SELECT cannot take is named', async () => {
  await expect(run('select name, name::bigint as total from rows', [{ n: 1, name: 'x' }])).rejects.toThrow(
    "Could not convert string 'x' to INT64",
  );
});
