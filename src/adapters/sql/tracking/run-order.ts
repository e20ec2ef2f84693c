import { sql as raw, type RawBuilder } from 'kysely';
import type { Order } from '../../../tracking/search/ast.ts';
import { runColumn } from './run-clauses.ts';

export interface OrderTerm {
  readonly value: RawBuilder<unknown>;
  readonly ascending: boolean;
}

const tables = { metric: 'latest_metrics', param: 'params', tag: 'run_tags', attribute: '', dataset: '' };

/** The tables in which values to order by lie, each under a name for its place in the order. */
export function orderJoins(order: readonly Order[], id: RawBuilder<unknown>): RawBuilder<unknown> {
  const joins = order.flatMap(({ entity, key }, place) => {
    const table = tables[entity];
    if (!table) return [];
    const name = orderName(place);
    return [raw`left join ${raw.table(table)} as ${name} on ${name}.run_id = ${id} and ${name}.key = ${key}`];
  });
  return joins.length ? raw.join(joins, raw` `) : raw``;
}

/** A NaN comes after every number and what is missing after that, whatever the direction. */
export function orderTerms(order: readonly Order[]): readonly OrderTerm[] {
  return order.flatMap(({ entity, key, ascending }, place) => {
    const name = orderName(place);
    if (entity === 'metric')
      return [
        first(raw`case when ${name}.is_nan = 1 then 1 when ${name}.is_nan is null then 2 else 0 end`),
        { value: raw`${name}.value`, ascending },
      ];
    const value = entity === 'attribute' ? runColumn(key) : raw`${name}.value`;
    const isAlwaysThere = entity === 'attribute' && key !== 'end_time';
    return [
      ...(isAlwaysThere ? [] : [first(raw`case when ${value} is null then 1 else 0 end`)]),
      { value, ascending },
    ];
  });
}

export function inDirection(value: RawBuilder<unknown>, ascending: boolean): RawBuilder<unknown> {
  return raw`${value} ${raw.raw(ascending ? 'asc' : 'desc')}`;
}

function first(value: RawBuilder<unknown>): OrderTerm {
  return { value, ascending: true };
}

function orderName(place: number): RawBuilder<unknown> {
  return raw.ref(`ordered_${place}`);
}
