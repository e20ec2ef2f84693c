import { newRunId, type RunId } from '../kernel/ids.ts';
import type { LoggedPoint, NewRun, Run } from './model.ts';
import { keyValues } from './run-entries.ts';
import type { TrackingStores } from './stores.ts';

/** Stores over one empty database, gone when disposed of. */
export interface OpenRunStores extends TrackingStores, AsyncDisposable {}

export type OpenStores = () => Promise<OpenRunStores>;

export interface StartedRun extends Partial<Omit<NewRun, 'tags'>> {
  readonly tags?: Readonly<Record<string, string>>;
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: readonly LoggedPoint[];
}

/** A run in the experiment Default that has logged something. */
export async function startRun({ runs }: OpenRunStores, run: StartedRun = {}): Promise<RunId> {
  const { tags, params, metrics, ...fields } = run;
  const { id } = (
    await runs.create({
      id: newRunId(),
      experimentId: '0',
      name: 'calm-otter',
      startedAt: 100,
      ...fields,
      tags: pairs(tags),
    })
  ).info;
  if (params ?? metrics) await runs.log(id, { params: pairs(params), ...(metrics && { metrics }) });
  return id;
}

export const pairs = keyValues;

/** Of step 0 at the time 50, where no others are given. */
export function point(
  key: string,
  value: number,
  [step, timestamp]: readonly [step: number, timestamp: number] = [0, 50],
): LoggedPoint {
  return { key, value, step, timestamp };
}

export async function readRun({ runs }: OpenRunStores, id: string): Promise<Run> {
  const run = await runs.get(id);
  if (!run) throw new RangeError(`there is no run ${id}`);
  return run;
}
