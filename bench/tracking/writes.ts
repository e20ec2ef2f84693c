import type { BenchContext } from '../context.ts';
import type { Measured } from '../measured.ts';
import { inTurns, medians, type Sides } from '../samples.ts';
import type { Api } from './api.ts';
import { sustained } from './load.ts';
import { createExperiment, createRun, history, hundredPoints } from './runs.ts';
import { checkSame } from './same.ts';
import { searchAll } from './search.ts';
import type { Sizes } from './sizes.ts';

const perSecond = { unit: 'requests/s', better: 'more', goal: 10 } as const;

/** Batches of a hundred points and new runs per second, with one client and with eight. */
export async function writes(
  apis: Sides<Api>,
  { rounds, seconds }: Sizes,
  report: BenchContext['report'],
): Promise<void> {
  await batchWrites(apis, { rounds, seconds }, (measured) => report({ ...measured, goal: perSecond.goal }));
  for (const clients of [1, 8]) {
    const load = { clients, seconds };
    const rates = await inTurns(apis, rounds, (api, round) => createSome(api, { ...load, round }));
    report({ name: `create-run, ${clientsOf(clients)}`, ...medians(rates), ...perSecond });
  }
}

/** Batches of a hundred points per second, with one client and with eight. */
export async function batchWrites(
  apis: Sides<Api>,
  { rounds, seconds }: Pick<Sizes, 'rounds' | 'seconds'>,
  report: (measured: Omit<Measured, 'goal'>) => void,
): Promise<void> {
  for (const clients of [1, 8]) {
    const load = { clients, seconds };
    const rates = await inTurns(apis, rounds, (api, round) => logBatches(api, { ...load, round }));
    const { unit, better } = perSecond;
    report({ name: `log-batch of 100 metrics, ${clientsOf(clients)}`, ...medians(rates), unit, better });
  }
}

interface Round {
  readonly clients: number;
  readonly seconds: number;
  readonly round: number;
}

/** Each client logs to a run of its own. @returns batches per second. @throws Error if an acknowledged point is missing */
async function logBatches(api: Api, { clients, seconds, round }: Round): Promise<number> {
  const experiment = await createExperiment(api, `batches of ${clients} clients, round ${round}`);
  const runs = await Promise.all(
    Array.from({ length: clients }, (_, client) => createRun(api, experiment, client)),
  );
  const batches = runs.map(() => 0);
  const load = await sustained({ clients, seconds }, async (client, batch) => {
    await api.post('/runs/log-batch', { run_id: runs[client], metrics: hundredPoints(batch) });
    batches[client] = batch + 1;
  });
  const expected = batches.map((count) =>
    Array.from({ length: count }, (_, batch) => hundredPoints(batch))
      .flat()
      .filter(({ key }) => key === 'm7'),
  );
  const kept = await Promise.all(runs.map((run) => history(api, run, 'm7')));
  checkSame('A batch', { acknowledged: expected, kept: kept.map((points) => points.map(plain)) });
  return load.perSecond;
}

function plain({ key, value, timestamp, step }: ReturnType<typeof hundredPoints>[number]): object {
  return { key, value, timestamp, step };
}

/** @returns runs per second. @throws Error if an acknowledged run is missing */
async function createSome(api: Api, { clients, seconds, round }: Round): Promise<number> {
  const experiment = await createExperiment(api, `runs of ${clients} clients, round ${round}`);
  const acknowledged: string[] = [];
  const load = await sustained({ clients, seconds }, async (client, batch) => {
    acknowledged.push(await createRun(api, experiment, batch * clients + client));
  });
  checkSame('A run', { acknowledged: acknowledged.toSorted(), kept: await keptIds(api, experiment) });
  return load.perSecond;
}

async function keptIds(api: Api, experiment: string): Promise<readonly string[]> {
  const runs = await searchAll(api, { experiment_ids: [experiment], max_results: 5000 });
  return runs.map(({ run_id }) => run_id).toSorted();
}

function clientsOf(count: number): string {
  return count === 1 ? '1 client' : `${count} clients`;
}
