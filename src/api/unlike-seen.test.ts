import { expect, test } from 'vitest';
import type { Json } from '../kernel/json.ts';
import type { SeenField } from '../lifecycle/version/version-fields.ts';
import { formatSeen, howUnlike, unlikeSeen } from './unlike-seen.ts';

const size = { name: 'size' };
const number: SeenField = { kind: 'number', low: 0, high: 118_000, quartiles: [1, 2, 3], missing: 0 };
const time: SeenField = { kind: 'time', from: '2017-01-03', to: '2026-11-29', missing: 2 };
const text: SeenField = { kind: 'text', values: ['Bergen', 'Oslo'], missing: 1 };
const many: SeenField = { kind: 'text', values: ['a', 'b', 'c', 'd', 'e', 'f'], missing: 1 };

test.each<[SeenField | undefined, string, string | undefined]>([
  [undefined, '7', undefined],
  [number, '118000', undefined],
  [number, '-1', 'Outside what the model learned from: 0 to 118,000.'],
  [number, 'x', undefined],
  [number, '', 'No row that the model learned from lacked this value.'],
  [time, '2026-11-29', undefined],
  [time, '2026-11-30', 'Outside what the model learned from: 3 Jan 2017 to 29 Nov 2026.'],
  [time, '', undefined],
  [text, 'Oslo', undefined],
  [text, 'Narvik', 'The model learned from no row with this value, only from Bergen, Oslo.'],
  [many, 'g', 'The model learned from no row with this value.'],
  [{ kind: 'text', values: null, missing: 0 }, 'anything', undefined],
  [{ kind: 'boolean', values: [false], missing: 0 }, 'true', 'The model only learned from rows with no.'],
  [{ kind: 'boolean', values: [false, true], missing: 0 }, 'true', undefined],
  [{ kind: 'nothing', missing: 9 }, '4', 'No row that the model learned from had a value here.'],
])('%o and %j: %j', (seen, given, warning) => {
  expect(unlikeSeen(seen, given, size)).toBe(warning);
});

test('a range has the form of its numbers everywhere: of years without a separator', () => {
  const numbers = (low: number, high: number): SeenField => ({ ...number, low, high });
  expect([
    formatSeen(numbers(1338, 2010), size),
    formatSeen(numbers(1338, 2010), { name: 'year' }),
    formatSeen(numbers(1891, 2010), { name: 'built' }),
    formatSeen(numbers(1891, 2010), { name: 'built', unit: 'm²' }),
  ]).toEqual(['seen 1,338 to 2,010', 'seen 1,338 to 2010', 'seen 1891 to 2010', 'seen 1,891 to 2,010']);
  expect(unlikeSeen(numbers(1891, 2010), '7', { name: 'built' })).toBe(
    'Outside what the model learned from: 1891 to 2010.',
  );
});

test('a range is beside its field', () => {
  expect([number, time, text].map((seen) => formatSeen(seen, size))).toEqual([
    'seen 0 to 118,000',
    'seen 3 Jan 2017 to 29 Nov 2026',
    undefined,
  ]);
});

test.each([
  [-122.8, 'Outside what the model learned from: −122.52 to −121.31.'],
  [-122.5195, 'Outside what the model learned from: −122.519 to −121.315.'],
  [-121.3149, 'Outside what the model learned from: −122.519 to −121.315.'],
])('no bound is rounded past the value %d', (given, warning) => {
  const long: SeenField = { kind: 'number', low: -122.519, high: -121.315, quartiles: [1, 2, 3], missing: 0 };
  expect(unlikeSeen(long, String(given), size)).toBe(warning);
  expect(formatSeen(long, size)).toBe('seen −122.52 to −121.31');
});

test.each<[SeenField, Json | undefined, string | undefined]>([
  [number, 118_001, 'outside'],
  [number, '-0.5', 'outside'],
  [number, 0, undefined],
  [number, null, 'missing'],
  [number, undefined, 'missing'],
  [number, [1, 2], undefined],
  [time, '2017-01-02', 'outside'],
  [time, '2026-11-29T00:00:00Z', undefined],
  [time, '2026-11-29T00:00:01', 'outside'],
  [time, 'soon', undefined],
  [text, ' Oslo ', undefined],
  [text, 'Rome', 'new'],
  [text, null, undefined],
  [{ kind: 'text', values: ['1', '2'], missing: 0 }, 3, 'new'],
  [{ kind: 'text', values: ['1', '2'], missing: 0 }, 2, undefined],
  [{ kind: 'text', values: [' a'], missing: 0 }, ' a', undefined],
  [{ kind: 'boolean', values: [true], missing: 0 }, false, 'new'],
  [{ kind: 'boolean', values: [true], missing: 0 }, true, undefined],
  [{ kind: 'nothing', missing: 9 }, 4, 'given'],
  [{ kind: 'nothing', missing: 9 }, null, undefined],
])('of %o the value %j of a request is %s', (seen, value, unlike) => {
  expect(howUnlike(seen, value)).toBe(unlike);
});
