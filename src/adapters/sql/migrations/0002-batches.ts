import { columnTypes } from './baseline/column-types.ts';
import type { Migration, SqlDialect } from './migration.ts';

/** Predictions for the rows of a file. */
export const batches: Migration = {
  name: '0002-batches',
  statements: { sqlite: statementsOf('sqlite'), postgres: statementsOf('postgres') },
};

function statementsOf(dialect: SqlDialect): readonly string[] {
  const { text, integer, clustered } = columnTypes[dialect];
  return [
    `create table batches (
      id ${text} primary key, project ${text} not null, endpoint ${text} not null, input ${text} not null,
      status ${text} not null, created_at ${integer} not null, started_at ${integer}, ended_at ${integer},
      expires_at ${integer} not null, rows_total ${integer}, rows_done ${integer} not null default 0,
      rows_refused ${integer} not null default 0, parts ${integer} not null default 0, bytes ${integer} not null default 0,
      attempt ${integer} not null default 0, is_cancelled ${integer} not null default 0, owner ${text}, error ${text}
    )${clustered}`,
    'create index batches_by_status on batches (status, created_at)',
    'create index batches_by_project on batches (project, created_at)',
  ];
}
