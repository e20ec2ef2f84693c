/** Databases that migrations are written for. */
export type SqlDialect = 'sqlite' | 'postgres';

/** A change of the tables, forward only. Once released it is never edited: a later one corrects it. */
export interface Migration {
  /** In the order of the names: '0001-runs-and-models'. */
  readonly name: string;
  readonly statements: Readonly<Record<SqlDialect, readonly string[]>>;
}
