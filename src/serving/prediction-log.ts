import type { FoundRow } from '../features/lookup.ts';
import type { Digest } from '../kernel/digest.ts';
import type { PredictionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Durability } from '../project/models/serving.ts';
import type { PredictionFields } from './prediction-fields.ts';

/** A prediction as it was returned, in the target's unit. */
export type PredictionRecord = PredictionFields & {
  readonly predictionId: PredictionId;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly project: string;
  readonly endpoint: string;
  readonly model: string;
  readonly version: number;
  /** The folder of the version: numbers start again after a model is purged. Absent in records of older builds. */
  readonly folder?: Digest;
  readonly request: JsonObject;
  /** The features computed from the request; NaN for a missing value. */
  readonly features: Readonly<Record<string, number>>;
  /** What was looked up for the request. Absent without lookups. */
  readonly lookups?: readonly FoundRow[];
  /** Milliseconds from the call to the predictions. */
  readonly latencyMs: number;
  /** Whether it came from the cache. Absent in records of older builds. */
  readonly cached?: boolean;
};

/** Records predictions. It never fails a prediction: records that cannot be written are counted. */
export interface PredictionLog extends AsyncDisposable {
  /**
   * Writes the records of a request together.
   * @param durability 'sync' waits until they are on disk; 'async' returns at once, and a crash loses the last moments
   * @returns whether they are recorded: under 'sync' on disk, under 'async' accepted for writing. Never rejects.
   */
  append(records: readonly PredictionRecord[], durability: Durability): Promise<boolean>;
  find(id: PredictionId): Promise<PredictionRecord | undefined>;
  /** The records whose ids start with a prefix, at most `limit` of them, the latest first. */
  findByPrefix(prefix: string, limit: number): Promise<readonly PredictionRecord[]>;
  /** Records accepted under 'async' and lost since the log was opened. */
  readonly lost: number;
}
