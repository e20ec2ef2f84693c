import { text } from './postgres-types.ts';

interface Ranked {
  readonly source: string;
  readonly ranked: string;
  /** What is first in the place of a value, and where that stands. */
  readonly first: string;
  readonly value: string;
  readonly index: string;
}

const metrics: Ranked = {
  source: 'latest_metrics',
  ranked: 'ranked_metrics',
  first: 'is_nan',
  value: 'value',
  index: 'latest_metrics_by_value',
};

const texts: readonly Ranked[] = [
  { source: 'params', ranked: 'ranked_params', index: 'params_by_value' },
  { source: 'run_tags', ranked: 'ranked_tags', index: 'run_tags_by_value' },
].map((names) => ({ ...names, first: 'is_long', value: 'beginning' }));

const all: readonly Ranked[] = [metrics, ...texts];

/** A text is ranked by its first characters: an index takes no more than 2,700 bytes of a row. */
const beginnings: readonly string[] = texts.map(
  ({ source }) => `alter table ${source}
    add column is_long bigint generated always as (case when length(value) > 100 then 1 else 0 end) stored,
    add column beginning ${text} generated always as (substr(value, 1, 100)) stored`,
);

/** The values know the experiment and the start of their run: so one index has them in the order of an answer. */
function rankedValues({ source, ranked, first, value, index }: Ranked): readonly string[] {
  return [
    `alter table ${source} add column experiment_id bigint, add column started_at bigint`,
    `update ${source} set experiment_id = runs.experiment_id, started_at = runs.started_at
      from runs where runs.id = ${source}.run_id`,
    `alter table ${source} alter column experiment_id set not null, alter column started_at set not null`,
    `create trigger ${ranked}_gain before insert on ${source} for each row execute function take_place_of_run()`,
    `drop index ${index}`,
    `create index ${index} on ${source} (experiment_id, key, ${first}, ${value}, started_at desc, run_id)`,
    `create view ${ranked} as
      select experiment_id, key, ${first}, ${value} as value, started_at, run_id from ${source}`,
  ];
}

const functions: readonly string[] = [
  `create function take_place_of_run() returns trigger language plpgsql as $$ begin
    select runs.experiment_id, runs.started_at into new.experiment_id, new.started_at
      from runs where runs.id = new.run_id;
    return new;
  end $$`,
  `create function give_place_to_values() returns trigger language plpgsql as $$ begin
    ${all
      .map(
        ({ source }) => `update ${source} set experiment_id = new.experiment_id, started_at = new.started_at
      where run_id = new.id;`,
      )
      .join('\n    ')}
    return null;
  end $$`,
];

const moves = `create trigger ranked_values_move after update of experiment_id, started_at on runs for each row
  when ((new.experiment_id, new.started_at) is distinct from (old.experiment_id, old.started_at))
  execute function give_place_to_values()`;

const runIndexes: readonly string[] = ['name', 'status', 'user_id', 'ended_at'].map(
  (column) =>
    `create index runs_by_${column} on runs (experiment_id, lifecycle_stage, ${column}, started_at desc, id)`,
);

export const rankedValuesPostgres: readonly string[] = [
  ...functions,
  ...beginnings,
  ...all.flatMap(rankedValues),
  moves,
  ...runIndexes,
];
