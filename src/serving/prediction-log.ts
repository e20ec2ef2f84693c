import type { PredictionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Durability } from '../project/serving.ts';
import type { PredictionFields } from './prediction-fields.ts';

/** One prediction as it was given, in the target's unit. */
export type PredictionRecord = PredictionFields & {
  readonly predictionId: PredictionId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly project: string;
  readonly endpoint: string;
  readonly model: string;
  readonly version: number;
  readonly request: JsonObject;
  /** What the feature function made of the request; NaN for a missing value. */
  readonly features: Readonly<Record<string, number>>;
  /** Of the request that it was a row of. */
  readonly latencyMs: number;
};

/** Records what was predicted. It never fails a prediction: records that cannot be written are counted. */
export interface PredictionLog extends AsyncDisposable {
  /**
   * Writes the records of a request together.
   * @param durability 'sync' waits until they are on disk; 'async' returns at once, and a crash loses the last moments
   * @returns whether they are recorded: under 'sync' on disk, under 'async' taken for writing. Never rejects.
   */
  append(records: readonly PredictionRecord[], durability: Durability): Promise<boolean>;
  find(id: PredictionId): Promise<PredictionRecord | undefined>;
  /** Records taken under 'async' that were lost since the log was opened. */
  readonly lost: number;
}
