import type { BenchContext } from '../context.ts';
import type { Measured } from '../measured.ts';
import { inTurns, median, medians, type Sides } from '../samples.ts';
import type { Api } from './api.ts';
import { timed } from './load.ts';
import { createExperiment, createRun, createRuns, history, nextPoints } from './runs.ts';
import { checkSame } from './same.ts';
import { search, searchAll } from './search.ts';
import type { Sizes } from './sizes.ts';

const milliseconds = { unit: 'ms', better: 'less', goal: 10 } as const;

interface Read {
  readonly name: string;
  readonly calls: number;
  /** The part of the result that must be the same on both sides. */
  readonly call: (side: keyof Sides<Api>) => Promise<unknown>;
}

/** Searches, paging, a long history and an alias, over the same data on both sides. */
export async function reads(apis: Sides<Api>, sizes: Sizes, report: BenchContext['report']): Promise<void> {
  const all = [
    ...(await searches(apis, sizes)),
    await longHistory(apis, sizes),
    await aliasLookUp(apis, sizes),
  ];
  await measureReads(all, sizes.rounds, (measured) => report({ ...measured, goal: milliseconds.goal }));
}

/** The search by a metric alone. */
export async function searchReads(
  apis: Sides<Api>,
  sizes: Sizes,
  report: (measured: Omit<Measured, 'goal'>) => void,
): Promise<void> {
  await measureReads((await searches(apis, sizes)).slice(0, 1), sizes.rounds, report);
}

async function measureReads(
  all: readonly Read[],
  rounds: number,
  report: (measured: Omit<Measured, 'goal'>) => void,
): Promise<void> {
  const { unit, better } = milliseconds;
  for (const { name, calls, call } of all) {
    const samples = await inTurns({ ours: 'ours', peer: 'peer' } as const, rounds, async (side) =>
      timed(calls, () => call(side)),
    );
    const results = [...samples.ours, ...samples.peer].map(({ result }) => result);
    checkSame(name, Object.fromEntries(results.entries()));
    const each = { ours: samples.ours.map(middle), peer: samples.peer.map(middle) };
    report({ name, ...medians(each), unit, better });
  }
}

function middle({ milliseconds: times }: { readonly milliseconds: readonly number[] }): number {
  return median(times);
}

async function searches(apis: Sides<Api>, { runs, calls }: Sizes): Promise<readonly Read[]> {
  const experiments = await onBoth(apis, async (api) => {
    const experiment = await createExperiment(api, 'searched');
    await createRuns(api, experiment, { from: 0, to: runs });
    return experiment;
  });
  const asked = (side: keyof Sides<Api>, filter: string, order: string) => {
    return { experiment_ids: [experiments[side]], filter, order_by: [order], max_results: 100 };
  };
  const names = async (found: ReturnType<typeof search>) => (await found).map(({ run_name }) => run_name);
  return [
    {
      name: `search of ${runs} runs by a metric, 100 rows`,
      calls,
      call: (side) => names(search(apis[side], asked(side, 'metrics.acc > 0.5', 'metrics.acc DESC'))),
    },
    {
      name: `search of ${runs} runs by metric, param and tag`,
      calls,
      call: (side) =>
        names(
          search(
            apis[side],
            asked(side, "metrics.acc > 0.5 and params.p0 = '31' and tags.team = 't3'", 'metrics.loss ASC'),
          ),
        ),
    },
    {
      name: `all of ${runs} runs in pages of 1,000`,
      calls: 1,
      call: (side) =>
        names(searchAll(apis[side], { ...asked(side, '', 'metrics.acc DESC'), max_results: 1000 })),
    },
  ];
}

async function longHistory(apis: Sides<Api>, { points }: Sizes): Promise<Read> {
  const runs = await onBoth(apis, async (api) => {
    const run_id = await createRun(api, await createExperiment(api, 'long'), 0);
    for (let from = 0; from < points; from += 1000)
      await api.post('/runs/log-batch', { run_id, metrics: nextPoints('loss', from, 1000) });
    return run_id;
  });
  return {
    name: `history of ${points} points`,
    calls: 1,
    async call(side) {
      const found = await history(apis[side], runs[side], 'loss');
      return found.map(({ value, timestamp, step }) => [value, timestamp, step]);
    },
  };
}

async function aliasLookUp(apis: Sides<Api>, { versions, calls }: Sizes): Promise<Read> {
  const name = 'looked-up';
  await onBoth(apis, async (api) => {
    await api.post('/registered-models/create', { name });
    const source = 'mlflow-artifacts:/models/looked-up';
    for (let count = 0; count < versions; count += 1)
      await api.post('/model-versions/create', { name, source });
    await api.post('/registered-models/alias', { name, alias: 'prod', version: String(versions - 1) });
  });
  return {
    name: `version by alias, of ${versions}`,
    calls: calls * 10,
    async call(side) {
      const query = { name, alias: 'prod' };
      const found = await apis[side].get<{ readonly model_version: { readonly version: string } }>(
        '/registered-models/alias',
        query,
      );
      return found.model_version.version;
    },
  };
}

async function onBoth<Result>(
  { ours, peer }: Sides<Api>,
  work: (api: Api) => Promise<Result>,
): Promise<Sides<Result>> {
  return { ours: await work(ours), peer: await work(peer) };
}
