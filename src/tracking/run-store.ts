import type { RunId } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import type {
  EndStatus,
  NewRun,
  Page,
  ParamConflict,
  Run,
  RunChange,
  RunEntries,
  RunInfo,
  RunLinks,
  View,
} from './model.ts';
import type { Condition, Order } from './search/ast.ts';

export interface RunQuery {
  readonly experimentIds: readonly string[];
  readonly view: View;
  readonly filter?: Condition;
  /** Then by start, the latest first, then by id. A NaN comes after every number, a missing value after that. */
  readonly order?: readonly Order[];
  readonly offset: number;
  readonly limit: number;
  /** What of the runs is read. @default everything */
  readonly values?: RunValues;
}

/** Keys of the values that are read of each run; its datasets and logged models are not. */
export interface RunValues {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
}

export interface RunList {
  readonly experimentId?: string;
  /** Only runs nested directly in one of these; `null` for runs nested in none. */
  readonly parentIds?: readonly RunId[] | null;
  /** Only runs that have this tag. */
  readonly tag?: string;
  readonly limit: number;
  /** Only runs that come after this one in the order of the list. */
  readonly after?: RunCursor;
}

/** A run's position in a list. */
export interface RunCursor {
  readonly startedAt: number;
  readonly id: string;
}

export interface RunPage {
  readonly runs: readonly Run[];
  /** For the next page; undefined on the last. */
  readonly next: RunCursor | undefined;
}

/**
 * Runs of pipelines and of MLflow clients. Every method is one transaction, on disk when it returns. Unless it says
 * otherwise, a method throws RUN_NOT_FOUND for an unknown run and NOT_ACTIVE, without writing, for a deleted one. Text with
 * U+0000 is refused with INPUT_INVALID: no database stores it.
 */
export interface RunStore {
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE; RUN_NOT_FOUND for `parentId`; INPUT_INVALID for an id in use */
  create(run: NewRun): Promise<Run>;
  /** Deleted ones too. */
  get(id: string): Promise<Run | undefined>;
  /** Deleted ones too, in no order, unknown ids left out; without what the runs logged. */
  getInfos(ids: readonly string[]): Promise<readonly RunInfo[]>;
  /** The ids that start with a prefix of hex digits, deleted runs too, at most `limit` of them, in their order. */
  idsWithPrefix(prefix: string, limit: number): Promise<readonly string[]>;
  update(id: string, change: RunChange): Promise<RunInfo>;
  /** Also ends a deleted run. @throws PlatformError RUN_NOT_FOUND */
  end(id: string, status: EndStatus, endedAt: number): Promise<void>;
  /** Marks pipeline runs that are RUNNING as KILLED, after their process ended. @returns how many */
  killUnfinished(endedAt: number): Promise<number>;
  /** Deleting twice is no error. @throws PlatformError RUN_NOT_FOUND */
  delete(id: string, now: number): Promise<void>;
  /** @throws PlatformError RUN_NOT_FOUND; INPUT_INVALID for one that is not deleted; NOT_ACTIVE while its experiment is */
  restore(id: string): Promise<void>;
  /**
   * Writes all entries, or nothing. A point that exists is left as it is; a tag is replaced; a param is written once.
   * @returns the params that have another value; if there are any, nothing was written
   */
  log(id: string, entries: RunEntries): Promise<readonly ParamConflict[]>;
  /** @throws PlatformError TAG_NOT_FOUND too */
  deleteTag(id: string, key: string): Promise<void>;
  /** Appends to the JSON list in a tag, or creates the tag. @throws PlatformError DATA_INVALID too, if it holds no list */
  addToTag(id: string, key: string, item: Json): Promise<void>;
  /** Links that exist are left as they are, with their tags; an output takes the new step. */
  link(id: string, links: RunLinks): Promise<void>;
  /** A page ends before its limit where its runs hold more than `pageBytes`. */
  search(query: RunQuery): Promise<Page<Run>>;
  /** How many runs a search finds on all its pages together. */
  count(query: Pick<RunQuery, 'experimentIds' | 'view' | 'filter'>): Promise<number>;
  /** Active runs, the latest started first. A page ends before its limit where its runs hold more than `pageBytes`. */
  list(list: RunList): Promise<RunPage>;
}
