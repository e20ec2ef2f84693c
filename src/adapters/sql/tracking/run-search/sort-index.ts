import { type RawBuilder, sql as raw } from 'kysely';
import type { View } from '../../../../tracking/model.ts';
import type { Clause, Condition, TextClause } from '../../../../tracking/search/ast.ts';
import { type Match, valueMatch } from '../../search-match.ts';
import { type Keyed, type KeyedEntity, hasValue, isAbsence, isKeyed, runColumn } from './conditions.ts';

type Lifecycle = 'active' | 'deleted';

/** Where runs are searched. */
export interface RunScope {
  /** One at least. */
  readonly experiments: readonly number[];
  readonly lifecycles: readonly Lifecycle[];
}

const views: Readonly<Record<View, readonly Lifecycle[]>> = {
  active: ['active'],
  deleted: ['deleted'],
  all: ['active', 'deleted'],
};

export function scopeOf(experiments: readonly number[], view: View): RunScope {
  return { experiments, lifecycles: views[view] };
}

/** The same experiments, and the other runs there. */
export function restOf({ experiments, lifecycles }: RunScope): RunScope {
  return { experiments, lifecycles: views.all.filter((other) => !lifecycles.includes(other)) };
}

export function isInScope({ experiments, lifecycles }: RunScope): Match {
  if (!lifecycles.length) return raw`1 = 0`;
  return raw`runs.experiment_id in (${raw.join(experiments)}) and runs.lifecycle_stage in (${raw.join(lifecycles)})`;
}

/** The sort indexes, under the name `indexed`: values by experiment, key and value. */
const tables: Readonly<Record<KeyedEntity, RawBuilder<unknown>>> = {
  metric: raw`metric_sort_index as indexed`,
  param: raw`param_sort_index as indexed`,
  tag: raw`tag_sort_index as indexed`,
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

export function sortIndex({ entity }: Keyed): RawBuilder<unknown> {
  return tables[entity];
}

/** Rows of `indexed` that are of a key, in one experiment or any of several. */
export function ofKey({ key }: Keyed, experiments: readonly number[]): Match {
  return raw`indexed.experiment_id in (${raw.join(experiments)}) and indexed.key = ${key}`;
}

/** What a clause says of the row of its key in `indexed`: of that alone, but for a text too long to be there whole. */
export function entryMatch(clause: Clause): Match {
  if (clause.kind === 'presence') return isAbsence(clause) ? raw`1 = 0` : raw`1 = 1`;
  if (clause.kind === 'number') return raw`indexed.is_nan = 0 and ${valueMatch(raw`indexed.value`, clause)}`;
  if (clause.kind === 'list' || !isKeyed(clause.entity)) return raw`1 = 0`;
  const whole = hasValue(
    { entity: clause.entity, key: clause.key },
    raw`indexed.run_id`,
    valueMatch(raw`part.value`, clause),
  );
  if (clause.comparator === '=') return raw`${sameBeginning(clause)} and (indexed.is_long = 0 or ${whole})`;
  const short = valueMatch(raw`indexed.value`, clause);
  return raw`((indexed.is_long = 0 and ${short}) or (indexed.is_long = 1 and ${whole}))`;
}

function sameBeginning({ value }: TextClause): Match {
  const text = raw`cast(${value} as text)`;
  return raw`indexed.is_long = case when length(${text}) > 100 then 1 else 0 end
    and indexed.value = substr(${text}, 1, 100)`;
}

/** Ids of runs of a scope among which are all that meet a condition; absent where no index knows them. */
export function indexedRuns(condition: Condition, scope: RunScope): RawBuilder<unknown> | undefined {
  if (!('of' in condition)) return runsOfClause(condition, scope);
  const sets = condition.of.map((part) => indexedRuns(part, scope));
  const indexed = sets.filter((set) => set !== undefined);
  if (condition.kind === 'all') return indexed[0];
  return indexed.length && indexed.length === sets.length ? raw.join(indexed, raw` union all `) : undefined;
}

function runsOfClause(clause: Clause, scope: RunScope): RawBuilder<unknown> | undefined {
  const { entity, key } = clause;
  if (isAbsence(clause)) return undefined;
  if (clause.entity === 'attribute')
    return indexed.has(key)
      ? raw`select runs.id from runs where ${isInScope(scope)} and ${valueMatch(runColumn(key), clause)}`
      : undefined;
  if (!isKeyed(entity)) return undefined;
  return raw`select indexed.run_id from ${tables[entity]}
    where ${ofKey({ entity, key }, scope.experiments)} and ${entryMatch(clause)}`;
}
