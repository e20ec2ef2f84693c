import { sql as raw, type RawBuilder } from 'kysely';
import type { Clause, Condition, TextClause } from '../../../tracking/search/ast.ts';
import { hasValue, isAbsence, isKeyed, runColumn, type Keyed, type KeyedEntity } from './run-clauses.ts';
import { placeMatch, type Place } from './run-place.ts';
import { valueMatch, type Match } from '../search-match.ts';

/** The sort indexes, under the name `ranked`: values by experiment, key and value. */
const tables: Readonly<Record<KeyedEntity, RawBuilder<unknown>>> = {
  metric: raw`metric_sort_index as ranked`,
  param: raw`param_sort_index as ranked`,
  tag: raw`tag_sort_index as ranked`,
};

/** Attributes that have an index, by which few runs are found among many. */
const indexed: ReadonlySet<string> = new Set([
  'run_name',
  'status',
  'user_id',
  'start_time',
  'created',
  'end_time',
]);

export function rankedTable({ entity }: Keyed): RawBuilder<unknown> {
  return tables[entity];
}

/** Rows of `ranked` that are of a key, in one experiment or any of several. */
export function ofKey({ key }: Keyed, experiments: readonly number[]): Match {
  return raw`ranked.experiment_id in (${raw.join(experiments)}) and ranked.key = ${key}`;
}

/** What a clause says of the row of its key in `ranked`: of that alone, but for a text too long to be there whole. */
export function rankMatch(clause: Clause): Match {
  if (clause.kind === 'presence') return isAbsence(clause) ? raw`1 = 0` : raw`1 = 1`;
  if (clause.kind === 'number') return raw`ranked.is_nan = 0 and ${valueMatch(raw`ranked.value`, clause)}`;
  if (clause.kind === 'list' || !isKeyed(clause.entity)) return raw`1 = 0`;
  const whole = hasValue(
    { entity: clause.entity, key: clause.key },
    raw`ranked.run_id`,
    valueMatch(raw`part.value`, clause),
  );
  if (clause.comparator === '=') return raw`${sameBeginning(clause)} and (ranked.is_long = 0 or ${whole})`;
  const short = valueMatch(raw`ranked.value`, clause);
  return raw`((ranked.is_long = 0 and ${short}) or (ranked.is_long = 1 and ${whole}))`;
}

function sameBeginning({ value }: TextClause): Match {
  const text = raw`cast(${value} as text)`;
  return raw`ranked.is_long = case when length(${text}) > 100 then 1 else 0 end
    and ranked.value = substr(${text}, 1, 100)`;
}

/** Ids of runs of a place among which are all that meet a condition; absent where no index knows them. */
export function rankedRuns(condition: Condition, place: Place): RawBuilder<unknown> | undefined {
  if (!('of' in condition)) return runsOfClause(condition, place);
  const sets = condition.of.map((part) => rankedRuns(part, place));
  const known = sets.filter((set) => set !== undefined);
  if (condition.kind === 'all') return known[0];
  return known.length && known.length === sets.length ? raw.join(known, raw` union all `) : undefined;
}

function runsOfClause(clause: Clause, place: Place): RawBuilder<unknown> | undefined {
  const { entity, key } = clause;
  if (isAbsence(clause)) return undefined;
  if (clause.entity === 'attribute')
    return indexed.has(key)
      ? raw`select runs.id from runs where ${placeMatch(place)} and ${valueMatch(runColumn(key), clause)}`
      : undefined;
  if (!isKeyed(entity)) return undefined;
  return raw`select ranked.run_id from ${tables[entity]}
    where ${ofKey({ entity, key }, place.experiments)} and ${rankMatch(clause)}`;
}
