interface SortIndex {
  readonly table: string;
  /** The table that holds what runs logged, and the columns of it that make a value. */
  readonly source: string;
  readonly value: string;
  /** The columns that sort, with their types and what they are of a row of the source. */
  readonly columns: readonly (readonly [name: string, type: string, of: (row: string) => string])[];
}

const ofTexts = (table: string, source: string): SortIndex => ({
  table,
  source,
  value: 'value',
  columns: [
    ['is_long', 'integer', (row) => `(length(${row}.value) > 100)`],
    ['value', 'text', (row) => `substr(${row}.value, 1, 100)`],
  ],
});

const sortIndexes: readonly SortIndex[] = [
  {
    table: 'metric_sort_index',
    source: 'latest_metrics',
    value: 'value, is_nan',
    columns: [
      ['is_nan', 'integer', (row) => `${row}.is_nan`],
      ['value', 'real', (row) => `${row}.value`],
    ],
  },
  ofTexts('param_sort_index', 'params'),
  ofTexts('tag_sort_index', 'run_tags'),
];

/**
 * The values of runs, sorted as a search answers: those of an experiment and key lie side by side, the latest run first
 * among equal values. A text is there by its first 100 characters, and `is_long` where it has more. Triggers keep the
 * index true on every write, also when a run moves to another experiment.
 */
export const sqliteSortIndexes: readonly string[] = sortIndexes.flatMap(statementsOf);

function statementsOf({ table, source, value, columns }: SortIndex): readonly string[] {
  const names = columns.map(([name]) => name);
  const of = (row: string): string => columns.map(([, , expression]) => expression(row)).join(', ');
  const isValueOf = (row: string): string =>
    columns.map(([name, , expression]) => `${table}.${name} = ${expression(row)}`).join(' and ');
  const oldEntry = `(experiment_id, started_at) = (select experiment_id, started_at from runs where id = old.run_id)
        and key = old.key and ${isValueOf('old')} and run_id = old.run_id`;
  return [
    `create table ${table} (
      experiment_id integer not null,
      key text not null,
      ${columns.map(([name, type]) => `${name} ${type} not null,`).join('\n      ')}
      started_at integer not null,
      run_id text not null,
      primary key (experiment_id, key, ${names.join(', ')}, started_at desc, run_id)
    ) without rowid`,
    `create trigger ${table}_insert after insert on ${source} begin
      insert into ${table}
        select experiment_id, new.key, ${of('new')}, started_at, id from runs where id = new.run_id;
    end`,
    `create trigger ${table}_update after update of ${value} on ${source}
      when (${of('new')}) is not (${of('old')}) begin
      update ${table} set (${names.join(', ')}) = (select ${of('new')}) where ${oldEntry};
    end`,
    `create trigger ${table}_delete after delete on ${source} begin
      delete from ${table} where ${oldEntry};
    end`,
    // The plus keeps SQLite from reading all values of the experiment to find those of the run.
    `create trigger ${table}_move after update of experiment_id, started_at on runs
      when (new.experiment_id, new.started_at) is not (old.experiment_id, old.started_at) begin
      update ${table} set experiment_id = new.experiment_id, started_at = new.started_at
        from ${source} as logged
        where logged.run_id = old.id and ${table}.experiment_id = old.experiment_id
          and ${table}.key = +logged.key and ${isValueOf('+logged')}
          and ${table}.started_at = old.started_at and ${table}.run_id = old.id;
    end`,
  ];
}
