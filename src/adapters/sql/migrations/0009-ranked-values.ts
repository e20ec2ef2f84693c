import { rankedValuesPostgres } from './0009-ranked-values.postgres.ts';
import type { Migration } from './migration.ts';

interface Ranked {
  /** The table of what runs have, and what there makes the place of a value among those of its key. */
  readonly source: string;
  readonly value: string;
  readonly ranked: string;
  /** Columns of the place, with their types, and what they are of a row of the source. */
  readonly place: readonly (readonly [column: string, type: string, of: (row: string) => string])[];
  /** The index that it takes the place of. */
  readonly index: string;
}

const texts = (source: string, ranked: string, index: string): Ranked => ({
  source,
  value: 'value',
  ranked,
  place: [
    ['is_long', 'integer', (row) => `(length(${row}.value) > 100)`],
    ['value', 'text', (row) => `substr(${row}.value, 1, 100)`],
  ],
  index,
});

const all: readonly Ranked[] = [
  {
    source: 'latest_metrics',
    value: 'value, is_nan',
    ranked: 'ranked_metrics',
    place: [
      ['is_nan', 'integer', (row) => `${row}.is_nan`],
      ['value', 'real', (row) => `${row}.value`],
    ],
    index: 'latest_metrics_by_value',
  },
  texts('params', 'ranked_params', 'params_by_value'),
  texts('run_tags', 'ranked_tags', 'run_tags_by_value'),
];

/**
 * The values of runs in the order in which a search answers: those of an experiment and key lie side by side, the latest
 * run first among equals. A text is there by its first characters, and says so where it is longer. Triggers keep them so,
 * whoever writes, also when a run goes to another experiment: there a plus keeps SQLite from going through all values of
 * the experiment to find those of the run.
 */
function rankedValues({ source, value, ranked, place, index }: Ranked): readonly string[] {
  const columns = place.map(([column]) => column);
  const of = (row: string): string => place.map(([, , expression]) => expression(row)).join(', ');
  const isAt = (row: string): string =>
    place.map(([column, , expression]) => `${ranked}.${column} = ${expression(row)}`).join(' and ');
  const atOld = `(experiment_id, started_at) = (select experiment_id, started_at from runs where id = old.run_id)
    and key = old.key and ${isAt('old')} and run_id = old.run_id`;
  return [
    `create table ${ranked} (
      experiment_id integer not null,
      key text not null,
      ${place.map(([column, type]) => `${column} ${type} not null,`).join('\n      ')}
      started_at integer not null,
      run_id text not null,
      primary key (experiment_id, key, ${columns.join(', ')}, started_at desc, run_id)
    ) without rowid`,
    `insert into ${ranked}
      select runs.experiment_id, part.key, ${of('part')}, runs.started_at, runs.id
      from ${source} as part join runs on runs.id = part.run_id
      order by 1, 2, 3, 4, 5 desc, 6`,
    `drop index ${index}`,
    `create trigger ${ranked}_gain after insert on ${source} begin
      insert into ${ranked}
        select experiment_id, new.key, ${of('new')}, started_at, id from runs where id = new.run_id;
    end`,
    `create trigger ${ranked}_follow after update of ${value} on ${source}
      when (${of('new')}) is not (${of('old')}) begin
      update ${ranked} set (${columns.join(', ')}) = (select ${of('new')}) where ${atOld};
    end`,
    `create trigger ${ranked}_lose after delete on ${source} begin
      delete from ${ranked} where ${atOld};
    end`,
    `create trigger ${ranked}_move after update of experiment_id, started_at on runs
      when (new.experiment_id, new.started_at) is not (old.experiment_id, old.started_at) begin
      update ${ranked} set experiment_id = new.experiment_id, started_at = new.started_at
        from ${source} as part
        where part.run_id = old.id and ${ranked}.experiment_id = old.experiment_id
          and ${ranked}.key = +part.key and ${isAt('+part')}
          and ${ranked}.started_at = old.started_at and ${ranked}.run_id = old.id;
    end`,
  ];
}

/** Orders of runs by their own columns. */
const runIndexes: readonly string[] = ['name', 'status', 'user_id', 'ended_at'].map(
  (column) =>
    `create index runs_by_${column} on runs (experiment_id, lifecycle_stage, ${column}, started_at desc, id)`,
);

export const rankedValuesOfRuns: Migration = {
  name: '0009-ranked-values',
  statements: {
    sqlite: [...all.flatMap(rankedValues), ...runIndexes],
    postgres: rankedValuesPostgres,
  },
};
