import { expect, test } from 'vitest';
import { z } from 'zod';
import { openTemporaryBlobStore } from '../data/temporary-blob-store.contract.ts';
import { seededRandom } from '../kernel/random.ts';
import { table } from '../project/tables/table.ts';
import { timeOf } from './event-time.ts';
import { type LookupDefinition, openLookups } from './lookup.ts';
import { writeTable } from './table.fixture.ts';
import { openView } from './view.ts';

const State = z.object({
  team: z.string(),
  round: z.number(),
  season: z.iso.datetime({ offset: true }),
  opened: z.iso.date(),
  at: z.iso.datetime(),
  seen: z.iso.datetime(),
  day: z.iso.date(),
  elo: z.number().nullable(),
  rested: z.boolean(),
});
type State = z.infer<typeof State>;

const dayMs = 86_400_000;
const start = Date.UTC(2024, 0, 1);
const iso = (time: number): string => new Date(time).toISOString();
const plus0530 = (time: number): string => iso(time + 19_800_000).replace('.000Z', '+05:30');

/** Spellings of one instant. */
const spellings: readonly ((time: number) => string)[] = [
  iso,
  (time) => iso(time).replace('.000Z', 'Z'),
  (time) => iso(time).replace('.000Z', '+00:00'),
  (time) => iso(time).replace(':00.000Z', 'Z'),
  plus0530,
];

const keys = ['team', 'round', 'season', 'opened'] as const;
const columns: LookupDefinition['columns'] = [
  { name: 'elo', type: 'number', nullable: true },
  { name: 'rested', type: 'boolean', nullable: false },
  { name: 'day', type: 'date', nullable: false },
];

/** What a loop over all rows finds: keys of times are equal by instant, and the others by value. */
function naive(
  rows: readonly State[],
  request: Readonly<Record<string, unknown>>,
  isKnownLater: boolean,
): unknown {
  const before = timeOf(request['now']) ?? Number.NaN;
  const isOfKey = (row: State): boolean =>
    row.team === request['team'] &&
    row.round === request['round'] &&
    Date.parse(row.season) === Date.parse(String(request['season'])) &&
    row.opened === request['opened'];
  let found: State | undefined;
  for (const row of rows) {
    if (!isOfKey(row) || !(Date.parse(row.at) < before)) continue;
    if (isKnownLater && !(Date.parse(row.seen) < before)) continue;
    const isLater = !found || row.at > found.at || (row.at === found.at && row.seen > found.seen);
    if (isLater) found = row;
  }
  return found && { elo: found.elo, rested: found.rested, day: found.day };
}

test.each([1, 2].flatMap((seed) => [true, false].map((later) => [seed, later] as const)))(
  'lookups find what a loop over all rows finds, seed %i, knownAt %s',
  async (seed, isKnownLater) => {
    await using blobs = await openTemporaryBlobStore();
    const random = seededRandom(seed);
    const draw = (most: number): number => Math.floor(random() * most);
    const pick = <One>(list: readonly One[]): One => list[draw(list.length)] as One;
    const key = (): Pick<State, (typeof keys)[number]> => ({
      team: pick(['BOS', 'LAL', '', '1']),
      round: pick([0, -0, 1, 0.5]),
      season: pick(spellings)(start + draw(2) * dayMs),
      opened: pick(['2024-01-01', '2024-01-02']),
    });
    const drawn = Array.from({ length: 600 }, (): State => {
      const at = start + draw(40) * 21_600_000;
      return {
        ...key(),
        at: iso(at),
        seen: iso(isKnownLater ? at + draw(8) * 21_600_000 : at),
        day: iso(at).slice(0, 10),
        elo: random() < 0.1 ? null : random(),
        rested: random() < 0.5,
      };
    });
    const nameOf = (row: State): string =>
      JSON.stringify([row.team, row.round, Date.parse(row.season), row.opened, row.at, row.seen]);
    const rows = [...new Map(drawn.map((row) => [nameOf(row), row])).values()];
    const definition: LookupDefinition = {
      name: 'state',
      view: 'states',
      key: [...keys],
      on: [...keys],
      at: 'at',
      knownAt: isKnownLater ? 'seen' : null,
      before: 'now',
      columns,
      initial: null,
    };
    const view = await openView(definition, await writeTable(table(State), rows, blobs), blobs);
    const lookups = openLookups([definition], new Map([['states', view]]));
    let hits = 0;
    for (let asked = 0; asked < 500; asked += 1) {
      const absent = random() < 0.1 ? { [pick(keys)]: pick([null, undefined, Number.NaN, 'x']) } : {};
      const request = { ...key(), ...absent, now: pick(spellings)(start + draw(45) * 21_600_000) };
      const expected = naive(rows, request, isKnownLater);
      if (expected !== undefined) hits += 1;
      const time = timeOf(request.now) ?? Number.NaN;
      expect(lookups.find(request, () => time)).toStrictEqual({ state: expected });
      expect(lookups.describe(request, () => time)[0]?.values ?? undefined).toStrictEqual(expected);
    }
    expect(hits).toBeGreaterThan(100);
  },
);
