import { expect, test } from 'vitest';
import type { RunId } from '../kernel/ids.ts';
import { seededRandom } from '../kernel/random.ts';
import {
  anyCondition,
  anyOrder,
  anyRun,
  choosing,
  foundAmong,
  type SearchedRun,
} from './run-search.fixture.ts';
import type { RunQuery } from './run-store.ts';
import { pairs, point, type OpenRunStores } from './run-stores.fixture.ts';

export interface OpenRunSearch extends OpenRunStores {
  /** A search that takes so many runs for few: ids of a page, and of the first after it. */
  readonly searchOf: (few: number) => (query: RunQuery) => Promise<readonly string[]>;
  /** Puts a run into another experiment. */
  readonly move: (id: string, experimentId: string) => Promise<void>;
}

/** However a search comes to its answer, it is what a look at every run finds; each adapter's test is one call of this. */
export function runSearchAgreement(label: string, open: () => Promise<OpenRunSearch>): void {
  test(`${label}: whatever is asked is found page by page, whether runs are few or many`, async () => {
    await using opened = await open();
    const choose = choosing(seededRandom(1));
    const experimentIds = ['0', await opened.experiments.create({ name: 'other', tags: [], now: 1 })];
    const runs = Array.from({ length: 240 }, (_, index) => anyRun(choose, idOf(index), experimentIds));
    for (const run of runs) await write(opened, run);
    const [asMany, asSome, asFew] = [1, 50, 10_000].map((few) => opened.searchOf(few));
    const searches = [asMany, asMany, asMany, asSome, asSome, asFew].flatMap((search) => search ?? []);
    for (let asked = 0; asked < 400; asked += 1) {
      const query: RunQuery = {
        experimentIds: choose(['0'], ['0'], experimentIds),
        view: choose('active', 'active', 'deleted', 'all'),
        filter: anyCondition(choose, 2),
        order: anyOrder(choose),
        offset: 0,
        limit: choose(1, 7, 40),
      };
      await expectPages(choose(...searches), query, { runs, jump: choose(3, 30, 90) });
      expect({ query, count: await opened.runs.count(query) }).toEqual({
        query,
        count: foundAmong(runs, query).length,
      });
    }
  }, 60_000);

  test(`${label}: what a run has and had is found where the run is now`, async () => {
    await using opened = await open();
    const choose = choosing(seededRandom(5));
    const other = await opened.experiments.create({ name: 'other', tags: [], now: 1 });
    const before = { ...anyRun(choose, idOf(1), ['0']), isDeleted: false };
    const again = { metrics: { few: 9, odd: 4, many: Number.NaN }, tags: { group: 'y'.repeat(200) } };
    await write(opened, before);
    await opened.runs.log(before.id, {
      metrics: Object.entries(again.metrics).map(([key, value]) => point(key, value, [1, 60])),
      tags: pairs(again.tags),
    });
    await opened.move(before.id, other);
    const runs = [{ ...before, ...again, experimentId: other }];
    for (const experimentId of ['0', other])
      for (const entity of ['metric', 'param', 'tag'] as const)
        for (const key of ['few', 'odd', 'many', 'flag', 'word', 'long', 'group'])
          await expectPages(
            opened.searchOf(1),
            {
              experimentIds: [experimentId],
              view: 'active',
              ...(entity !== 'metric' && {
                filter: { kind: 'presence', entity, key, comparator: 'IS NOT NULL' },
              }),
              order: [{ entity, key, ascending: true }],
              offset: 0,
              limit: 1,
            },
            { runs, jump: 1 },
          );
  });
}

interface Expected {
  readonly runs: readonly SearchedRun[];
  /** An offset that is not where a page ended. */
  readonly jump: number;
}

async function expectPages(
  search: (query: RunQuery) => Promise<readonly string[]>,
  query: RunQuery,
  { runs, jump }: Expected,
): Promise<void> {
  const all = foundAmong(runs, query);
  const { limit } = query;
  const ends = [...new Set([0, limit, 2 * limit, jump, all.length])];
  for (const offset of ends)
    expect({ query, offset, ids: await search({ ...query, offset }) }).toEqual({
      query,
      offset,
      ids: all.slice(offset, offset + limit + 1),
    });
}

async function write({ runs }: OpenRunStores, run: SearchedRun): Promise<void> {
  const { id, experimentId, attributes, metrics, params, tags, isDeleted } = run;
  const { run_name: name, user_id: user, start_time: startedAt, status, end_time: endedAt } = attributes;
  await runs.create({ id: id as RunId, experimentId, name, user, startedAt, tags: pairs(tags) });
  await runs.log(id, {
    params: pairs(params),
    metrics: Object.entries(metrics).map(([key, value]) => point(key, value)),
  });
  await runs.update(id, { status, ...(endedAt !== undefined && { endedAt }) });
  if (isDeleted) await runs.delete(id, 99);
}

function idOf(index: number): string {
  return ((index * 7919) % 10_007).toString(16).padStart(32, '0');
}
