import type { Api } from './api.ts';
import { all } from './load.ts';

/** Points of a metric that hold nothing by chance: both sides get the same. */
export interface Point {
  readonly key: string;
  readonly value: number;
  readonly timestamp: number;
  readonly step: number;
}

/** When the first run started, in milliseconds since 1970. */
export const begun = 1_700_000_000_000;

export async function createExperiment({ post }: Api, name: string): Promise<string> {
  const made = await post<{ readonly experiment_id: string }>('/experiments/create', { name });
  return made.experiment_id;
}

/** @returns the run's id */
export async function createRun({ post }: Api, experiment: string, place: number): Promise<string> {
  const made = await post<{ readonly run: { readonly info: { readonly run_id: string } } }>('/runs/create', {
    experiment_id: experiment,
    run_name: `run-${place}`,
    start_time: begun + place,
    tags: [{ key: 'mlflow.user', value: 'bench' }],
  });
  return made.run.info.run_id;
}

/** A hundred points of twenty metrics: five steps of each. */
export function hundredPoints(batch: number): readonly Point[] {
  return Array.from({ length: 100 }, (_, place) => {
    const step = batch * 5 + Math.floor(place / 20);
    return { key: `m${place % 20}`, value: Math.sin(step + place), timestamp: begun + step, step };
  });
}

/** Points of one metric, the next after `from`. */
export function nextPoints(key: string, from: number, count: number): readonly Point[] {
  return Array.from({ length: count }, (_, place) => {
    const step = from + place;
    return { key, value: Math.sin(step / 500), timestamp: begun + step, step };
  });
}

/** What the run at a place among others has logged: some of it, as it is searched by. */
export interface RunValues {
  readonly place: number;
  readonly acc: number;
  readonly p0: string;
  readonly team: string;
}

export function valuesOf(place: number): RunValues {
  return {
    place,
    acc: ((place * 7919) % 10_007) / 10_007,
    p0: String((place * 31) % 97),
    team: `t${place % 7}`,
  };
}

/**
 * Runs `from` to `to` of an experiment, each with three metrics, five params and a tag; the numbers spread over them.
 * @returns their ids
 */
export async function createRuns(
  api: Api,
  experiment: string,
  { from, to, clients = 8 }: { readonly from: number; readonly to: number; readonly clients?: number },
): Promise<readonly string[]> {
  const ids = Array.from({ length: to - from }, () => '');
  await all({ clients, count: to - from }, async (done) => {
    const place = from + done;
    const run_id = await createRun(api, experiment, place);
    ids[done] = run_id;
    const metrics = ['acc', 'loss', 'auc'].map((key, at) => {
      return { key, value: ((place * 7919 + at * 131) % 10_007) / 10_007, timestamp: begun + place, step: 0 };
    });
    const params = Array.from({ length: 5 }, (_, at) => {
      return { key: `p${at}`, value: String((place * 31 + at) % 97) };
    });
    const tags = [{ key: 'team', value: valuesOf(place).team }];
    await api.post('/runs/log-batch', { run_id, metrics, params, tags });
  });
  return ids;
}

/** The points that a run has of a metric, in pages of 25,000. */
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
