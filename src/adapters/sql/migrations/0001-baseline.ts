import { columnTypes } from './baseline/column-types.ts';
import { exchangeTables } from './baseline/exchange-tables.ts';
import { postgresExperimentIds } from './baseline/experiment-ids.postgres.ts';
import { jobTables } from './baseline/job-tables.ts';
import { loggedModelTables } from './baseline/logged-model-tables.ts';
import { registryTables } from './baseline/registry-tables.ts';
import { trackingTables } from './baseline/tracking-tables.ts';
import type { Migration, SqlDialect } from './migration.ts';

const ofDialect: Readonly<Record<SqlDialect, readonly string[]>> = {
  sqlite: [],
  postgres: postgresExperimentIds,
};

/** All tables, the same in both dialects. */
export const baseline: Migration = {
  name: '0001-baseline',
  statements: { sqlite: statementsOf('sqlite'), postgres: statementsOf('postgres') },
};

function statementsOf(dialect: SqlDialect): readonly string[] {
  const types = columnTypes[dialect];
  return [trackingTables, loggedModelTables, registryTables, exchangeTables, jobTables]
    .flatMap((tables) => tables(types))
    .concat(ofDialect[dialect]);
}
