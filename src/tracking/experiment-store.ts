import type { DatasetSummary, ExperimentRecord, KeyValue, NewExperiment, Page, View } from './record.ts';
import type { Condition, Order } from './search/ast.ts';

export interface ExperimentQuery {
  readonly view: View;
  /** Attributes: name, creation_time, last_update_time; also experiment_id to order by. */
  readonly filter?: Condition;
  /** Then the latest made first, then by id. */
  readonly order?: readonly Order[];
  readonly offset: number;
  readonly limit: number;
}

/**
 * Experiments as MLflow clients see them; those of our projects are among them. Every method is one transaction, on disk
 * when it returns. An id that is no integer is of no experiment.
 */
export interface ExperimentStore {
  /** @returns the id. @throws PlatformError EXPERIMENT_EXISTS, also where the one of that name is deleted */
  create(experiment: NewExperiment): Promise<string>;
  /** Deleted ones too. */
  get(id: string): Promise<ExperimentRecord | undefined>;
  /** Deleted ones too. */
  getByName(name: string): Promise<ExperimentRecord | undefined>;
  search(query: ExperimentQuery): Promise<Page<ExperimentRecord>>;
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE, EXPERIMENT_EXISTS */
  rename(id: string, name: string, now: number): Promise<void>;
  /** Its active runs go with it. @throws PlatformError EXPERIMENT_NOT_FOUND where there is no active one */
  delete(id: string, now: number): Promise<void>;
  /** The runs that went with it come back with it. @throws PlatformError EXPERIMENT_NOT_FOUND where there is no deleted one */
  restore(id: string, now: number): Promise<void>;
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE */
  setTag(id: string, tag: KeyValue): Promise<void>;
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE, TAG_NOT_FOUND */
  deleteTag(id: string, key: string): Promise<void>;
  /** What the active runs of the experiments read, at most `limit`. */
  datasets(ids: readonly string[], limit: number): Promise<readonly DatasetSummary[]>;
}
