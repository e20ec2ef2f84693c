export interface KeyQuery {
  readonly experimentIds: readonly string[];
  readonly entity: 'metric' | 'param' | 'tag';
  /** Only keys that have this text in them, in any case. @default every key */
  readonly contains?: string;
  readonly limit: number;
}

/** The keys of what runs logged, deleted runs too: the columns that a table of runs can have. */
export interface RunKeyStore {
  /** Each once, in the order of their bytes; one more than the limit where there are more. */
  find(query: KeyQuery): Promise<readonly string[]>;
}
