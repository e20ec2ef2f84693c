import { expect, test } from 'vitest';
import { newRunId } from '../../../../kernel/ids.ts';
import type { Clause, Condition, Order } from '../../../../tracking/search/ast.ts';
import { pairs, point } from '../../../../tracking/run-stores.fixture.ts';
import type { Database } from '../../database.ts';
import { emptySqlite } from '../../empty-sqlite.fixture.ts';
import { sqlRunStore } from '../run-store.ts';
import { planRunSearch, type RunSearchPlan } from './run-search.ts';
import { scopeOf } from './sort-index.ts';

const few = 10;

const clause = (entity: 'param' | 'tag', key: string, value: string): Clause => {
  return { kind: 'text', entity, key, comparator: '=', value };
};
const all = (...of: Condition[]): Condition => ({ kind: 'all', of });
const by = (entity: Order['entity'], key: string): Order => ({ entity, key, ascending: true });

const rare = clause('param', 'group', 'rare');
const common = clause('param', 'group', 'common');
const team = clause('tag', 'team', 'x');

/** 30 runs: two are rare, the others common, all of team x; tag `note` is long. */
const plans: readonly (readonly [
  what: string,
  filter: Condition | undefined,
  order: Order[],
  plan: string,
])[] = [
  ['everything', undefined, [], 'scan'],
  ['everything by a metric', undefined, [by('metric', 'loss')], 'scan'],
  ['everything by a tag that is long', undefined, [by('tag', 'note')], 'collect and sort'],
  ['one value that many have', common, [], 'scan of param group, looking up param group'],
  ['one value that many have, by a metric', common, [by('metric', 'loss')], 'scan, looking up param group'],
  ['one value that few have', rare, [], 'collect by param group and sort'],
  ['one value that few have, by a metric', rare, [by('metric', 'loss')], 'collect by param group and sort'],
  ['two values, one of few', all(team, rare), [], 'collect by param group and sort'],
  [
    'two values that many have',
    all(team, common),
    [],
    'scan of tag team, looking up tag team, looking up param group',
  ],
  ['one of two values', { kind: 'any', of: [rare, common] }, [], 'scan'],
];

test('the plans of searches', async () => {
  await using database = await emptySqlite();
  await fill(database);
  const planned: (readonly [string, string])[] = [];
  for (const [what, filter, order] of plans) {
    const query = { experimentIds: ['0'], view: 'active', offset: 0, limit: 5, order } as const;
    const asked = { ...query, ...(filter && { filter }) };
    planned.push([
      what,
      textOf(await planRunSearch(database, asked, { scope: scopeOf([0], 'active'), few })),
    ]);
  }
  expect(planned).toEqual(plans.map(([what, , , plan]) => [what, plan]));
});

test('few runs are collected, whatever is asked', async () => {
  await using database = await emptySqlite();
  const query = { experimentIds: ['0'], view: 'active', offset: 0, limit: 5 } as const;
  const plan = await planRunSearch(database, query, { scope: scopeOf([0], 'active'), few });
  expect(textOf(plan)).toBe('collect and sort');
});

function textOf({ scans, among, same, sets }: RunSearchPlan): string {
  const named = (condition: Condition): string =>
    'of' in condition ? condition.kind : `${condition.entity} ${condition.key}`;
  if (!scans) return `collect ${among ? `by ${named(among.condition)} ` : ''}and sort`;
  const lookups = [...sets.keys()].map((each) => `, looking up ${named(each)}`);
  return `scan${same ? ` of ${named(same)}` : ''}${lookups.join('')}`;
}

async function fill(database: Database): Promise<void> {
  const runs = sqlRunStore(database);
  for (let index = 0; index < 30; index += 1) {
    const id = newRunId();
    const tags = pairs({ team: 'x', note: 'long '.repeat(30) });
    await runs.create({ id, experimentId: '0', name: 'n', user: '', startedAt: index, tags });
    const params = pairs({ group: index < 2 ? 'rare' : 'common' });
    await runs.log(id, { params, metrics: [point('loss', index)] });
  }
}
