import { newRunId, type RunId } from '../kernel/ids.ts';
import type { ExperimentStore } from './experiment-store.ts';
import type { MetricStore } from './metric-store.ts';
import type { KeyValue, LoggedPoint, RunRecord } from './record.ts';
import type { RunStore } from './run-store.ts';
import type { TrackingStore } from './store.ts';

/** Stores over one empty database, gone when disposed of. */
export interface OpenRunStores extends AsyncDisposable {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly metrics: MetricStore;
  /** The pipeline's view of the same runs. */
  readonly tracking: TrackingStore;
}

export type OpenStores = () => Promise<OpenRunStores>;

export interface StartedRun {
  readonly experimentId?: string;
  readonly name?: string;
  readonly user?: string;
  readonly startedAt?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: readonly LoggedPoint[];
}

/** A run in the experiment Default that has logged something. */
export async function startRun({ runs }: OpenRunStores, run: StartedRun = {}): Promise<RunId> {
  const id = newRunId();
  const { experimentId = '0', name = 'calm-otter', user = '', startedAt = 100, tags, params, metrics } = run;
  await runs.create({ id, experimentId, name, user, startedAt, tags: pairs(tags) });
  if (params ?? metrics) await runs.log(id, { params: pairs(params), ...(metrics && { metrics }) });
  return id;
}

export function pairs(record: Readonly<Record<string, string>> = {}): readonly KeyValue[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}

/** Of step 0 at the time 50, where no others are given. */
export function point(
  key: string,
  value: number,
  [step, timestamp]: readonly [step: number, timestamp: number] = [0, 50],
): LoggedPoint {
  return { key, value, step, timestamp };
}

export async function readRun({ runs }: OpenRunStores, id: string): Promise<RunRecord> {
  const run = await runs.get(id);
  if (!run) throw new RangeError(`there is no run ${id}`);
  return run;
}
