import type { ColumnTypes } from './column-types.ts';
import type { SqlDialect } from '../migration.ts';

/** A table of values of runs, the view that searches read, and the columns that sort. */
interface SortIndex {
  readonly table: string;
  readonly view: string;
  readonly flag: string;
  readonly value: string;
}

const sortIndexes: readonly SortIndex[] = [
  { table: 'latest_metrics', view: 'metric_sort_index', flag: 'is_nan', value: 'value' },
  { table: 'params', view: 'param_sort_index', flag: 'is_long', value: 'prefix' },
  { table: 'run_tags', view: 'tag_sort_index', flag: 'is_long', value: 'prefix' },
];

const scopeOfRun = ['experiment_id', 'started_at'] as const;

/** Columns of every table of values: the run's, copied there by the insert. Without them an insert fails. */
export function scopeColumns({ integer }: ColumnTypes): string {
  return scopeOfRun.map((column) => `${column} ${integer} not null`).join(',\n      ');
}

/** The first characters of a text, which sort it: an index of PostgreSQL takes at most 2,700 bytes of a row. */
export function prefixColumns({ text, integer }: ColumnTypes): string {
  return `is_long ${integer} not null check (is_long = case when length(value) > 100 then 1 else 0 end),
      prefix ${text} not null check (prefix = substr(value, 1, 100))`;
}

/**
 * The values of runs, sorted as a search answers: those of an experiment and key lie side by side, the latest run first
 * among equal values.
 */
export function sortIndexStatements({ dialect }: ColumnTypes): readonly string[] {
  return [
    ...sortIndexes.flatMap(({ table, view, flag, value }) => [
      `create index ${table}_by_value on ${table} (experiment_id, key, ${flag}, ${value}, started_at desc, run_id)`,
      `create view ${view} as
        select experiment_id, key, ${flag}, ${value} as value, started_at, run_id from ${table}`,
    ]),
    ...moveTriggers[dialect],
  ];
}

const moves = sortIndexes
  .map(
    ({ table }) =>
      `update ${table} set experiment_id = new.experiment_id, started_at = new.started_at where run_id = new.id;`,
  )
  .join('\n      ');

/** A run that moves takes its values along. */
const moveTriggers: Readonly<Record<SqlDialect, readonly string[]>> = {
  sqlite: [
    `create trigger sort_index_move after update of experiment_id, started_at on runs
      when (new.experiment_id, new.started_at) is not (old.experiment_id, old.started_at) begin
      ${moves}
    end`,
  ],
  postgres: [
    `create function move_values_of_run() returns trigger language plpgsql as $$ begin
      ${moves}
      return null;
    end $$`,
    `create trigger sort_index_move after update of experiment_id, started_at on runs for each row
      when ((new.experiment_id, new.started_at) is distinct from (old.experiment_id, old.started_at))
      execute function move_values_of_run()`,
  ],
};
