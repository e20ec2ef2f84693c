import type { Random } from '../kernel/random.ts';
import type { RunQuery } from './run-store.ts';
import type { Clause, Condition, NumberClause, Order } from './search/ast.ts';

/** A run as a search sees it. */
export interface SearchedRun {
  readonly id: string;
  readonly experimentId: string;
  readonly isDeleted: boolean;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly attributes: {
    readonly run_name: string;
    readonly user_id: string;
    readonly status: 'FINISHED' | 'FAILED' | 'RUNNING';
    readonly start_time: number;
    readonly end_time: number | undefined;
  };
}

type Value = number | string | undefined;
type Choose = <Item>(...items: readonly Item[]) => Item;

export function choosing(random: Random): Choose {
  return <Item>(...items: readonly Item[]) => {
    const chosen = items[Math.floor(random() * items.length)];
    if (chosen === undefined) return items[0] as Item;
    return chosen;
  };
}

/** Values that are often equal, absent, NaN, infinite or long. */
export function anyRun(choose: Choose, id: string, experimentIds: readonly string[]): SearchedRun {
  const named = <Kind>(key: string, ...values: readonly (Kind | null)[]): Readonly<Record<string, Kind>> => {
    const value = choose<Kind | null>(...values);
    return value === null ? {} : { [key]: value };
  };
  const long = 'x'.repeat(120);
  return {
    id,
    experimentId: choose(...experimentIds),
    isDeleted: choose(true, false, false, false),
    metrics: {
      ...named('few', 1, 2, 3, Number.NaN, null),
      ...named('many', ...Array.from({ length: 200 }, (_, index) => index / 7)),
      ...named('odd', -Infinity, Infinity, -0, 0, Number.NaN, null),
    },
    params: {
      ...named('flag', 'true', 'false'),
      ...named('word', 'a', 'A', 'b%', 'b_', 'é', '', null),
      ...named('long', `${long}a`, `${long}b`, 'short', null),
    },
    tags: { ...named('group', 'one', 'two', 'three', null) },
    attributes: {
      run_name: choose('calm', 'Calm', 'brisk'),
      user_id: choose('', 'ann', 'bob'),
      status: choose('FINISHED', 'FAILED', 'RUNNING'),
      start_time: choose(1, 2, 3, 4, 5, 6, 7, 8),
      end_time: choose(undefined, 10, 11, 12),
    },
  };
}

export function anyCondition(choose: Choose, depth: number): Condition {
  const kind = depth ? choose('clause', 'clause', 'all', 'any') : 'clause';
  if (kind === 'clause') return anyClause(choose);
  const parts = choose([1, 2], [1], [1, 2, 3]);
  return { kind, of: parts.map(() => anyCondition(choose, depth - 1)) };
}

function anyClause(choose: Choose): Clause {
  const number = { kind: 'number', comparator: choose('=', '!=', '>', '>=', '<', '<=') } as const;
  const text = { kind: 'text', comparator: choose('=', '!=', 'LIKE', 'ILIKE') } as const;
  const presence = { kind: 'presence', comparator: choose('IS NULL', 'IS NOT NULL') } as const;
  const long = `${'x'.repeat(120)}a`;
  return choose<Clause>(
    { ...number, entity: 'metric', key: 'few', value: choose(1, 2, 3) },
    { ...number, entity: 'metric', key: 'many', value: choose(1, 14, 27) },
    { ...number, entity: 'metric', key: 'odd', value: 0 },
    { ...number, entity: 'metric', key: 'none', value: 0 },
    { ...number, entity: 'attribute', key: 'start_time', value: choose(1, 4, 8) },
    { ...number, entity: 'attribute', key: 'end_time', value: choose(10, 11) },
    { ...text, entity: 'param', key: 'flag', value: choose('true', 'fal%') },
    { ...text, entity: 'param', key: 'word', value: choose('a', 'b%', 'b_', '', 'none') },
    { ...text, entity: 'param', key: 'long', value: choose(long, '%b', 'short') },
    { ...text, entity: 'tag', key: 'group', value: choose('one', 'T%', 't%') },
    { ...text, entity: 'attribute', key: 'run_name', value: choose('calm', 'c%') },
    { ...presence, entity: 'param', key: choose('word', 'flag', 'none') },
    { ...presence, entity: 'tag', key: choose('group', 'none') },
    {
      kind: 'list',
      entity: 'attribute',
      key: 'status',
      comparator: choose('IN', 'NOT IN'),
      values: choose(['FAILED'], ['FAILED', 'RUNNING']),
    },
  );
}

export function anyOrder(choose: Choose): readonly Order[] {
  const item = (): Order => ({
    ...choose<Pick<Order, 'entity' | 'key'>>(
      { entity: 'metric', key: choose('few', 'many', 'odd', 'none') },
      { entity: 'param', key: choose('flag', 'word', 'long', 'none') },
      { entity: 'tag', key: 'group' },
      {
        entity: 'attribute',
        key: choose('run_name', 'user_id', 'status', 'start_time', 'end_time', 'run_id'),
      },
    ),
    ascending: choose(true, false),
  });
  return choose([], [item()], [item()], [item(), item()]);
}

/** Ids of the runs that a query finds, all pages of it: by a look at every run. */
export function foundAmong(runs: readonly SearchedRun[], query: RunQuery): readonly string[] {
  const { experimentIds, view, filter, order = [] } = query;
  return runs
    .filter(({ experimentId }) => experimentIds.includes(experimentId))
    .filter(({ isDeleted }) => view === 'all' || isDeleted === (view === 'deleted'))
    .filter((run) => !filter || meets(run, filter))
    .toSorted((one, other) => {
      for (const item of order) {
        const difference = compared(item, one, other);
        if (difference) return difference;
      }
      const later = other.attributes.start_time - one.attributes.start_time;
      return later || (one.id < other.id ? -1 : 1);
    })
    .map(({ id }) => id);
}

function compared(item: Order, one: SearchedRun, other: SearchedRun): number {
  const [left, right] = [valueOf(one, item), valueOf(other, item)];
  const byRank = rankOf(left) - rankOf(right);
  if (byRank || left === undefined || right === undefined || Object.is(left, Number.NaN)) return byRank;
  const difference = left < right ? -1 : left > right ? 1 : 0;
  return item.ascending ? difference : -difference;
}

function rankOf(value: Value): number {
  return value === undefined ? 2 : Number.isNaN(value) ? 1 : 0;
}

function meets(run: SearchedRun, condition: Condition): boolean {
  if (!('of' in condition)) return meetsClause(valueOf(run, condition), condition);
  const met = condition.of.map((part) => meets(run, part));
  return condition.kind === 'all' ? met.every(Boolean) : met.some(Boolean);
}

function meetsClause(value: Value, clause: Clause): boolean {
  if (clause.kind === 'presence') return (value === undefined) === (clause.comparator === 'IS NULL');
  if (value === undefined || Number.isNaN(value)) return false;
  if (clause.kind === 'number') return meetsNumber(Number(value), clause);
  if (clause.kind === 'list') return clause.values.includes(String(value)) === (clause.comparator === 'IN');
  switch (clause.comparator) {
    case '=':
      return value === clause.value;
    case '!=':
      return value !== clause.value;
    case 'LIKE':
    case 'ILIKE':
      return pattern(clause.value, clause.comparator === 'ILIKE').test(String(value));
  }
}

function meetsNumber(value: number, clause: NumberClause): boolean {
  const operand = Number(clause.value);
  switch (clause.comparator) {
    case '=':
      return value === operand;
    case '!=':
      return value !== operand;
    case '>':
      return value > operand;
    case '>=':
      return value >= operand;
    case '<':
      return value < operand;
    case '<=':
      return value <= operand;
  }
}

function pattern(like: string, ignoresCase: boolean): RegExp {
  const source = like
    .replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${source}$`, ignoresCase ? 'isu' : 'su');
}

function valueOf(run: SearchedRun, { entity, key }: Pick<Order, 'entity' | 'key'>): Value {
  const facts: Readonly<Record<string, Value>> = {
    metric: run.metrics,
    param: run.params,
    tag: run.tags,
    attribute: { ...run.attributes, run_id: run.id },
    dataset: {},
  }[entity];
  return Object.hasOwn(facts, key) ? facts[key] : undefined;
}
