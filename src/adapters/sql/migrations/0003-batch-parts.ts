import { columnTypes } from './baseline/column-types.ts';
import type { Migration, SqlDialect } from './migration.ts';

/** Which attempt wrote which part of a batch's output, the bytes of its input, and the rows that are unlike the training's. */
export const batchParts: Migration = {
  name: '0003-batch-parts',
  statements: { sqlite: statementsOf('sqlite'), postgres: statementsOf('postgres') },
};

function statementsOf(dialect: SqlDialect): readonly string[] {
  const { text, integer } = columnTypes[dialect];
  return [
    `alter table batches add column input_bytes ${integer} not null default 0`,
    `alter table batches add column writers ${text} not null default '[]'`,
    `alter table batches add column unlike ${text} not null default '[]'`,
  ];
}
