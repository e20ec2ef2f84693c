import type { PredictionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';

/** One prediction as it was given. */
export interface PredictionRecord {
  readonly id: PredictionId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly endpoint: string;
  readonly model: string;
  readonly version: number;
  readonly request: JsonObject;
  /** What the feature function made of the request; NaN for a missing value. */
  readonly features: Readonly<Record<string, number>>;
  /** In the target's unit, as the interval is. */
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number; readonly level: number };
  readonly latencyMs: number;
}

/**
 * 'sync': a prediction is answered when its record is on disk. 'async': at once; what a crash takes is what came in the
 * last moments before it.
 */
export type Durability = 'sync' | 'async';

/** Keeps what was predicted. It never fails a prediction: what cannot be kept is counted. */
export interface PredictionLog extends AsyncDisposable {
  /** @returns whether the record is kept: under 'sync' on disk, under 'async' taken for writing. Never rejects. */
  append(record: PredictionRecord): Promise<boolean>;
  find(id: PredictionId): Promise<PredictionRecord | undefined>;
  /** Records lost since the log was opened: the oldest ones waiting go when the disk is slower than the predictions. */
  readonly dropped: number;
}
