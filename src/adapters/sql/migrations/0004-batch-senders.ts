import { columnTypes } from './baseline/column-types.ts';
import type { Migration, SqlDialect } from './migration.ts';

/** Who sent the file of a batch. Nobody is known for those that are stored already. */
export const batchSenders: Migration = {
  name: '0004-batch-senders',
  statements: { sqlite: statementsOf('sqlite'), postgres: statementsOf('postgres') },
};

function statementsOf(dialect: SqlDialect): readonly string[] {
  return [`alter table batches add column sender ${columnTypes[dialect].text}`];
}
