import { PlatformError } from '../../kernel/errors.ts';

/** What a clause or an ordering is about. `param` is MLflow's 'parameter'. */
export type SearchEntity = 'attribute' | 'metric' | 'param' | 'tag' | 'dataset';

export type NumberComparator = '=' | '!=' | '>' | '>=' | '<' | '<=';
export type TextComparator = '=' | '!=' | 'LIKE' | 'ILIKE';
export type ListComparator = 'IN' | 'NOT IN';
export type PresenceComparator = 'IS NULL' | 'IS NOT NULL';

/** Compares a number; a metric by its latest value. A value that is absent or NaN never matches. */
export interface NumberClause {
  readonly kind: 'number';
  readonly entity: 'metric' | 'attribute';
  readonly key: string;
  readonly comparator: NumberComparator;
  /** As it was written; beyond 2^53 an integer keeps its digits as a bigint. */
  readonly value: number | bigint;
}

/**
 * Compares a text. LIKE knows case and ILIKE does not; `%` stands for any text and `_` for one character. An absent
 * value never matches, not even `!=`.
 */
export interface TextClause {
  readonly kind: 'text';
  readonly entity: 'attribute' | 'param' | 'tag' | 'dataset';
  readonly key: string;
  readonly comparator: TextComparator;
  readonly value: string;
}

export interface ListClause {
  readonly kind: 'list';
  readonly entity: 'attribute' | 'param' | 'tag' | 'dataset';
  readonly key: string;
  readonly comparator: ListComparator;
  /** One at least. */
  readonly values: readonly string[];
}

export interface PresenceClause {
  readonly kind: 'presence';
  readonly entity: 'param' | 'tag';
  readonly key: string;
  readonly comparator: PresenceComparator;
}

export type Clause = NumberClause | TextClause | ListClause | PresenceClause;

/** A filter with OR and parentheses, our extension of MLflow's grammar. `all` of nothing matches everything. */
export type Condition = Clause | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] };

export interface Order {
  readonly entity: SearchEntity;
  readonly key: string;
  readonly ascending: boolean;
}

/** Characters: a message repeats parts of what was sent. */
const longestReason = 4000;

/** A filter or an ordering that cannot be read. `reason` is the sentence that MLflow answers, its message to the letter. */
export class SearchError extends PlatformError {
  override readonly name = 'SearchError';
  readonly reason: string;

  constructor(reason: string, text: string) {
    const shortened = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
    super('INPUT_INVALID', { field: 'search', value: text, remedy: shortened });
    this.reason = shortened;
  }
}
