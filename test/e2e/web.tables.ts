import type { DataColumnView, DataTableDetails, DataTableView } from '../../src/api/data-views.ts';
import type { EndpointView } from '../../src/api/views.ts';

type Seen = EndpointView['seen'];

/** What the version saw: no team of Ireland ever bowled. */
export function seenOf(teams: readonly string[]): Seen {
  return {
    battingTeam: { kind: 'text', values: [...teams], missing: 0 },
    bowlingTeam: { kind: 'text', values: teams.filter((team) => team !== 'Ireland'), missing: 0 },
    overs: seenNumber(0, 19.5),
    runs: seenNumber(0, 263),
  };
}

function seenNumber(low: number, high: number): Seen[string] {
  const quartiles = [0.25, 0.5, 0.75].map((share) => low + share * (high - low));
  return { kind: 'number', low, high, quartiles, missing: 0 };
}

const longName = 'aColumnWithANameOfSixtyCharactersWithoutASpaceInItToCutIt123';

function column(name: string, rest: Partial<DataColumnView> = {}): DataColumnView {
  return {
    name,
    title: null,
    unit: null,
    type: 'number',
    roles: [{ role: 'feature', model: 't20-score' }],
    profile: {
      nulls: 0,
      distinct: 900,
      quantiles: [-612_400, 0, 3, 19.5, 40, 90, 612_400],
      histogram: [1, 8, 20, 9, 3],
    },
    warnings: [],
    ...rest,
  };
}

const played: DataColumnView = column('date', {
  type: 'date',
  roles: [{ role: 'time', model: 't20-score' }],
  profile: { nulls: 0, distinct: 900, span: ['2012-03-04', '2019-05-28'], histogram: [3, 5, 9, 4] },
});

const constant: DataColumnView = column(longName, {
  type: 'string',
  roles: [],
  profile: { nulls: 0, distinct: 1, common: [['NO', 46_214]] },
  warnings: ['the same in every row: NO'],
});

/** @param kind 'empty' before the first run, 'wide' with ten thousand columns */
export function tableDetails(kind: 'full' | 'empty' | 'wide', id: string): DataTableDetails {
  const columns =
    kind === 'wide' ? Array.from({ length: 10_000 }, (_none, index) => column(`f${index}`)) : [];
  const isSource = id === 'matches.rows';
  const details = [played, constant, column('runs', { unit: 'runs' }), ...columns].map((each) => ({
    ...each,
    ...(isSource && { roles: null }),
    ...(kind === 'empty' && { profile: null, warnings: [] }),
  }));
  return {
    ...tableView(kind === 'empty', isSource),
    columns: details.length,
    details,
    reading:
      isSource && kind !== 'empty'
        ? {
            rejected: 37,
            rejects: [
              { file: 'm.csv', line: 4418, column: 'runs', value: longName, reason: 'must be a number' },
              { file: 'm.csv', line: 4421, column: null, value: null, reason: 'has 17 cells instead of 15' },
            ],
            unread: ['umpire'],
            unreadTotal: 1,
          }
        : null,
    leftOut: [],
  };
}

/** The tables of the project. */
export function tableViews(isEmpty: boolean): readonly DataTableView[] {
  return [tableView(isEmpty, false), tableView(isEmpty, true)];
}

function tableView(isEmpty: boolean, isSource: boolean): DataTableView {
  const run = { id: '0'.repeat(32), name: 'kind-ibis', startedAt: 1_700_000_000_000 };
  return {
    id: isSource ? 'matches.rows' : 'innings.rows',
    name: isSource ? 'matches' : 'innings',
    kind: isSource ? 'source' : 'step',
    models: isSource ? [] : [{ name: 't20-score', title: 'T20 first-innings score' }],
    latest: isEmpty ? null : { rows: 46_214, run },
    columns: 3,
    rejected: isSource && !isEmpty ? 37 : 0,
  };
}
