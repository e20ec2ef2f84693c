import type { Json } from '../kernel/json.ts';
import type {
  ClientRun,
  Page,
  ParamConflict,
  RunChange,
  RunEntries,
  RunInfo,
  RunLinks,
  RunRecord,
  View,
} from './record.ts';
import type { Condition, Order } from './search/ast.ts';

export interface RunQuery {
  readonly experimentIds: readonly string[];
  readonly view: View;
  readonly filter?: Condition;
  /** Then the latest started first, then by id. A NaN comes after every number, what is missing after that. */
  readonly order?: readonly Order[];
  readonly offset: number;
  readonly limit: number;
}

/**
 * Runs as MLflow clients see and log them; those of our pipeline are among them. Every method is one transaction, on disk
 * when it returns. Where nothing else is said, a method throws RUN_NOT_FOUND for an unknown run and NOT_ACTIVE, and writes
 * nothing, for a deleted one.
 */
export interface RunStore {
  /** @throws PlatformError EXPERIMENT_NOT_FOUND, NOT_ACTIVE; INPUT_INVALID for an id in use */
  create(run: ClientRun): Promise<RunRecord>;
  /** Deleted ones too. */
  get(id: string): Promise<RunRecord | undefined>;
  update(id: string, change: RunChange): Promise<RunInfo>;
  /** Deleting twice is no error. @throws PlatformError RUN_NOT_FOUND */
  delete(id: string, now: number): Promise<void>;
  /** @throws PlatformError RUN_NOT_FOUND; INPUT_INVALID for one that is not deleted; NOT_ACTIVE while its experiment is */
  restore(id: string): Promise<void>;
  /**
   * Writes all of it, or nothing. A point that is there already is left; a tag is replaced; a param is written once.
   * @returns what is in the way: where there is any, nothing was written
   */
  log(id: string, entries: RunEntries): Promise<readonly ParamConflict[]>;
  /** @throws PlatformError TAG_NOT_FOUND too */
  deleteTag(id: string, key: string): Promise<void>;
  /** Adds to the list that a tag holds as JSON, made if there is none. @throws PlatformError DATA_INVALID too, where it holds no list */
  addToTag(id: string, key: string, item: Json): Promise<void>;
  /** What is there already is left, and so are its tags; an output takes the new step. */
  link(id: string, links: RunLinks): Promise<void>;
  /** A page ends before its limit where its runs hold more than `pageBytes`. */
  search(query: RunQuery): Promise<Page<RunRecord>>;
}
