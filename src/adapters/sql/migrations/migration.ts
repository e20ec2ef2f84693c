/** Databases that migrations are written for. */
export type SqlDialect = 'sqlite' | 'postgres';

/** A change of the tables, forward only. Once released it is never edited: a later one corrects it. */
export interface Migration {
  /** Names sort in the order of the migrations: '0002-attempts-of-tasks'. */
  readonly name: string;
  readonly statements: Readonly<Record<SqlDialect, readonly string[]>>;
}
