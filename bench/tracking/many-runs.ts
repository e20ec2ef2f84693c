import type { BenchContext } from '../context.ts';
import { median } from '../samples.ts';
import type { Api } from './api.ts';
import { all, timed } from './load.ts';
import { begun, createExperiment, createRuns, valuesOf, type RunValues } from './runs.ts';
import { checkSame } from './same.ts';
import { search, type Search } from './search.ts';
import type { Sizes } from './sizes.ts';

const goal = 50;
const rows = 100;
/** One run in so many has ended. */
const endedEvery = 100;

interface Case {
  readonly by: string;
  readonly asked: Omit<Search, 'experiment_ids' | 'max_results'>;
  readonly finds?: (run: RunValues) => boolean;
  /** Before the latest start, because it sorts first among equals. */
  readonly order?: (one: RunValues, other: RunValues) => number;
}

const endOf = ({ index }: RunValues): number => (index % endedEvery ? 0 : 1 + ((index * 31) % 1009));
const compared = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const cases: readonly Case[] = [
  {
    by: 'a metric that half have, by the same metric',
    asked: { filter: 'metrics.acc > 0.5', order_by: ['metrics.acc DESC'] },
    finds: ({ acc }) => acc > 0.5,
    order: (one, other) => other.acc - one.acc,
  },
  { by: 'a metric that half have', asked: { filter: 'metrics.acc > 0.5' }, finds: ({ acc }) => acc > 0.5 },
  { by: 'a metric that few have', asked: { filter: 'metrics.acc > 0.99' }, finds: ({ acc }) => acc > 0.99 },
  {
    by: 'a param that few have, by a metric',
    asked: { filter: "params.p0 = '31'", order_by: ['metrics.acc'] },
    finds: ({ p0 }) => p0 === '31',
    order: (one, other) => one.acc - other.acc,
  },
  {
    by: 'nothing, by a param',
    asked: { order_by: ['params.p0'] },
    order: (one, other) => compared(one.p0, other.p0),
  },
  {
    by: 'a tag, by a param',
    asked: { filter: "tags.team = 't3'", order_by: ['params.p0 DESC'] },
    finds: ({ team }) => team === 't3',
    order: (one, other) => compared(other.p0, one.p0),
  },
  {
    by: 'nothing, by a tag',
    asked: { order_by: ['tags.team DESC'] },
    order: (one, other) => compared(other.team, one.team),
  },
  { by: 'nothing, by a metric that none have', asked: { order_by: ['metrics.none DESC'] } },
  {
    by: 'nothing, by the end, which one of 100 have',
    asked: { order_by: ['end_time DESC'] },
    order: (one, other) => endOf(other) - endOf(one),
  },
  {
    by: 'the status that one of 100 have, by a metric',
    asked: { filter: "status = 'FINISHED'", order_by: ['metrics.acc DESC'] },
    finds: ({ index }) => index % endedEvery === 0,
    order: (one, other) => other.acc - one.acc,
  },
  {
    by: 'a param, and none is like it',
    asked: { filter: "params.p0 LIKE '%none%'" },
    finds: () => false,
  },
  {
    by: 'metric, param and tag',
    asked: { filter: "metrics.acc > 0.5 and params.p0 = '31' and tags.team = 't3'" },
    finds: ({ acc, p0, team }) => acc > 0.5 && p0 === '31' && team === 't3',
  },
];

/** Searches of very many runs by everything that a client may search by. */
export async function manyRuns(
  api: Api,
  { manyRuns: count, calls }: Sizes,
  report: BenchContext['report'],
): Promise<void> {
  const experiment = await createExperiment(api, 'very many');
  const ids = await createRuns(api, experiment, { from: 0, to: count, clients: 32 });
  await all({ clients: 32, count: Math.ceil(count / endedEvery) }, async (nth) => {
    const run_id = ids[nth * endedEvery];
    const end_time = begun + endOf(valuesOf(nth * endedEvery));
    await api.post('/runs/update', { run_id, status: 'FINISHED', end_time });
  });
  const runs = Array.from({ length: count }, (_, index) => valuesOf(index));
  for (const { by, asked, finds = () => true, order = () => 0 } of cases) {
    const { milliseconds, result } = await timed(calls, () =>
      search(api, { ...asked, experiment_ids: [experiment], max_results: rows }),
    );
    const expected = runs
      .filter(finds)
      .toSorted((one, other) => order(one, other) || other.index - one.index);
    checkSame(`Of ${count} runs those by ${by}`, {
      expected: expected.slice(0, rows).map(({ index }) => `run-${index}`),
      found: result.map(({ run_name }) => run_name),
    });
    report({
      name: `search of ${count} runs by ${by}, ours alone`,
      ours: median(milliseconds),
      unit: 'ms',
      better: 'less',
      goal,
    });
  }
}
