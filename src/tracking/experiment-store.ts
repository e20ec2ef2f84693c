import type { DatasetSummary, Experiment, KeyValue, NewExperiment, Page, View } from './model.ts';
import type { Condition, Order } from './search/ast.ts';

export interface ExperimentQuery {
  readonly view: View;
  /** Attributes: name, creation_time, last_update_time; also experiment_id to order by. */
  readonly filter?: Condition;
  /** Then by creation, the latest first, then by id. */
  readonly order?: readonly Order[];
  readonly offset: number;
  readonly limit: number;
}

/**
 * Experiments of projects and of MLflow clients. Every method is one transaction, on disk when it returns. No experiment has
 * an id that is not an integer.
 */
export interface ExperimentStore {
  /** The experiment with this name, created if it is missing, restored with its runs if it is deleted. */
  ensure(name: string, now: number): Promise<Experiment>;
  /** @returns the id. @throws PlatformError EXPERIMENT_EXISTS, also if the experiment with the name is deleted */
  create(experiment: NewExperiment): Promise<string>;
  /** Deleted ones too. */
  get(id: string): Promise<Experiment | undefined>;
  /** Deleted ones too. */
  getByName(name: string): Promise<Experiment | undefined>;
  search(query: ExperimentQuery): Promise<Page<Experiment>>;
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE, EXPERIMENT_EXISTS */
  rename(id: string, name: string, now: number): Promise<void>;
  /** Deletes its active runs too. @throws PlatformError EXPERIMENT_NOT_FOUND if no active one has the id */
  delete(id: string, now: number): Promise<void>;
  /** Restores the runs that were deleted with it. @throws PlatformError EXPERIMENT_NOT_FOUND if no deleted one has the id */
  restore(id: string, now: number): Promise<void>;
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE */
  setTag(id: string, tag: KeyValue): Promise<void>;
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE, TAG_NOT_FOUND */
  deleteTag(id: string, key: string): Promise<void>;
  /** The datasets that active runs of the experiments read, at most `limit`. */
  datasets(ids: readonly string[], limit: number): Promise<readonly DatasetSummary[]>;
}
