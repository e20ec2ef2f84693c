import { columnTypes } from './column-types.ts';

const { text } = columnTypes.postgres;

interface SortIndex {
  readonly view: string;
  /** The table that holds what runs logged. */
  readonly source: string;
  /** The columns that sort. */
  readonly flag: string;
  readonly value: string;
}

const texts: readonly SortIndex[] = [
  { view: 'param_sort_index', source: 'params', flag: 'is_long', value: 'prefix' },
  { view: 'tag_sort_index', source: 'run_tags', flag: 'is_long', value: 'prefix' },
];

const sortIndexes: readonly SortIndex[] = [
  { view: 'metric_sort_index', source: 'latest_metrics', flag: 'is_nan', value: 'value' },
  ...texts,
];

/** A text sorts by its first characters: an index takes at most 2,700 bytes of a row. */
const prefixes = texts.map(
  ({ source }) => `alter table ${source}
    add column is_long bigint generated always as (case when length(value) > 100 then 1 else 0 end) stored,
    add column prefix ${text} generated always as (substr(value, 1, 100)) stored`,
);

/** The rows know the experiment and the start of their run, so that one index has them in the order of an answer. */
function statementsOf({ view, source, flag, value }: SortIndex): readonly string[] {
  return [
    `alter table ${source} add column experiment_id bigint not null, add column started_at bigint not null`,
    `create trigger ${view}_insert before insert on ${source} for each row execute function copy_scope_of_run()`,
    `create index ${source}_by_value on ${source} (experiment_id, key, ${flag}, ${value}, started_at desc, run_id)`,
    `create view ${view} as
      select experiment_id, key, ${flag}, ${value} as value, started_at, run_id from ${source}`,
  ];
}

const functions: readonly string[] = [
  `create function copy_scope_of_run() returns trigger language plpgsql as $$ begin
    select runs.experiment_id, runs.started_at into new.experiment_id, new.started_at
      from runs where runs.id = new.run_id;
    return new;
  end $$`,
  `create function move_values_of_run() returns trigger language plpgsql as $$ begin
    ${sortIndexes
      .map(
        ({ source }) => `update ${source} set experiment_id = new.experiment_id, started_at = new.started_at
      where run_id = new.id;`,
      )
      .join('\n    ')}
    return null;
  end $$`,
];

const moves = `create trigger sort_index_move after update of experiment_id, started_at on runs for each row
  when ((new.experiment_id, new.started_at) is distinct from (old.experiment_id, old.started_at))
  execute function move_values_of_run()`;

/** As in SQLite, but the sorted columns lie in the tables themselves, and the sort indexes are views of them. */
export const postgresSortIndexes: readonly string[] = [
  ...functions,
  ...prefixes,
  ...sortIndexes.flatMap(statementsOf),
  moves,
];
