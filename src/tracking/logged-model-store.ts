import type { DatasetRef, LoggedModel, LoggedModelStatus, NewLoggedModel } from './logged-model.ts';
import type { KeyValue, Page } from './model.ts';
import type { Clause } from './search/ast.ts';

/** Attributes of logged models that a search knows. */
export const loggedModelAttributes = [
  'name',
  'model_id',
  'model_type',
  'status',
  'source_run_id',
  'creation_timestamp',
  'last_updated_timestamp',
] as const;
export type LoggedModelAttribute = (typeof loggedModelAttributes)[number];

/** By an attribute, or by the last value of a metric; on one dataset where it is given. What is missing comes last. */
export type LoggedModelOrder = { readonly ascending: boolean } & (
  | { readonly attribute: LoggedModelAttribute }
  | { readonly metric: string; readonly dataset: Partial<DatasetRef> | undefined }
);

export interface LoggedModelQuery {
  readonly experimentIds: readonly string[];
  /** All must hold; a metric's when one of its points does. */
  readonly clauses: readonly Clause[];
  /** Metrics count on these alone; without a clause about a metric the model must have any on one of them. Of none, all count. */
  readonly datasets: readonly DatasetRef[];
  /** Then the latest made first, then by id. */
  readonly order: readonly LoggedModelOrder[];
  readonly offset: number;
  readonly limit: number;
}

/**
 * Models as MLflow clients log them; their metrics come with those of runs. Every method is one transaction, on disk when
 * it returns, and throws LOGGED_MODEL_NOT_FOUND, where nothing else is said, for a model that is not there or deleted.
 */
export interface LoggedModelStore {
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE; INPUT_INVALID for an id in use */
  create(model: NewLoggedModel): Promise<LoggedModel>;
  /** @param options.deleted finds deleted ones too @default false */
  get(id: string, options?: { readonly deleted?: boolean }): Promise<LoggedModel | undefined>;
  finalize(id: string, status: LoggedModelStatus, now: number): Promise<LoggedModel>;
  /** Deleting hides it; its files stay. */
  delete(id: string, now: number): Promise<void>;
  /** Adds or replaces. */
  setTags(id: string, tags: readonly KeyValue[]): Promise<void>;
  /** Sets a tag to `change` of its value, which is undefined for an absent tag. Concurrent changes follow each other. */
  changeTag(id: string, key: string, change: (value: string | undefined) => string): Promise<void>;
  /** @throws PlatformError TAG_NOT_FOUND too */
  deleteTag(id: string, key: string): Promise<void>;
  /** A param is written once. @throws PlatformError INPUT_INVALID for one that has another value already: nothing is written */
  logParams(id: string, params: readonly KeyValue[]): Promise<void>;
  /** Deleted ones are not found. */
  search(query: LoggedModelQuery): Promise<Page<LoggedModel>>;
}
