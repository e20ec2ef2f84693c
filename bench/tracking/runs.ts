import type { Api } from './api.ts';
import { all } from './load.ts';

/** The points of a metric, without randomness: both sides get the same. */
export interface Point {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** When the first run started, in milliseconds since 1970. */
export const begun = 1_700_000_000_000;

export async function createExperiment({ post }: Api, name: string): Promise<string> {
  const created = await post<{ readonly experiment_id: string }>('/experiments/create', { name });
  return created.experiment_id;
}

/** @returns the run's id */
export async function createRun({ post }: Api, experiment: string, index: number): Promise<string> {
  const created = await post<{ readonly run: { readonly info: { readonly run_id: string } } }>(
    '/runs/create',
    {
      experiment_id: experiment,
      run_name: `run-${index}`,
      start_time: begun + index,
      tags: [{ key: 'mlflow.user', value: 'bench' }],
    },
  );
  return created.run.info.run_id;
}

/** A hundred points of twenty metrics: five steps of each. */
export function hundredPoints(batch: number): readonly Point[] {
  return Array.from({ length: 100 }, (_, index) => {
    const step = batch * 5 + Math.floor(index / 20);
    return { key: `m${index % 20}`, value: Math.sin(step + index), timestamp: begun + step, step };
  });
}

/** Points of one metric, the next after `from`. */
export function nextPoints(key: string, from: number, count: number): readonly Point[] {
  return Array.from({ length: count }, (_, index) => {
    const step = from + index;
    return { key, value: Math.sin(step / 500), timestamp: begun + step, step };
  });
}

/** The values of a run by which it is searched. */
export interface RunValues {
  readonly index: number;
  readonly acc: number;
  readonly p0: string;
  readonly team: string;
}

export function valuesOf(index: number): RunValues {
  return {
    index,
    acc: ((index * 7919) % 10_007) / 10_007,
    p0: String((index * 31) % 97),
    team: `t${index % 7}`,
  };
}

/**
 * Creates runs `from` to `to` of an experiment, each with three metrics, five params and a tag, with varied values.
 * @returns their ids
 */
export async function createRuns(
  api: Api,
  experiment: string,
  { from, to, clients = 8 }: { readonly from: number; readonly to: number; readonly clients?: number },
): Promise<readonly string[]> {
  const ids = Array.from({ length: to - from }, () => '');
  await all({ clients, count: to - from }, async (done) => {
    const index = from + done;
    const run_id = await createRun(api, experiment, index);
    ids[done] = run_id;
    const metrics = ['acc', 'loss', 'auc'].map((key, at) => {
      return { key, value: ((index * 7919 + at * 131) % 10_007) / 10_007, timestamp: begun + index, step: 0 };
    });
    const params = Array.from({ length: 5 }, (_, at) => {
      return { key: `p${at}`, value: String((index * 31 + at) % 97) };
    });
    const tags = [{ key: 'team', value: valuesOf(index).team }];
    await api.post('/runs/log-batch', { run_id, metrics, params, tags });
  });
  return ids;
}

/** All points of a run's metric, in pages of 25,000. */
export async function history({ get }: Api, run: string, key: string): Promise<readonly Point[]> {
  const points: Point[] = [];
  let token: string | undefined = '';
  while (token !== undefined) {
    const query: Readonly<Record<string, string>> = { run_id: run, metric_key: key, max_results: '25000' };
    const page: { readonly metrics?: readonly Point[]; readonly next_page_token?: string } = await get(
      '/metrics/get-history',
      token === '' ? query : { ...query, page_token: token },
    );
    points.push(...(page.metrics ?? []));
    token = page.next_page_token || undefined;
  }
  return points;
}
