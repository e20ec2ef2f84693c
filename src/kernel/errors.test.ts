import { expect, test } from 'vitest';
import { type ErrorBody, formatCause, platformError, PlatformError, formatDetail } from './errors.ts';

const refused = new PlatformError('INPUT_INVALID', {
  field: 'wickets',
  value: 11,
  remedy: 'must be a whole number from 0 to 10',
  more: [{ field: 'runs', value: undefined, remedy: 'must be a number' }],
});

test('says what is wrong, what was found and what to do', () => {
  expect(refused.message).toBe('bad input: wickets must be a whole number from 0 to 10 (got 11)');
  expect(refused).toMatchObject({ name: 'PlatformError', code: 'INPUT_INVALID', status: 400 });
  expect(refused.detail.more?.map(formatDetail)).toEqual(['runs must be a number (missing)']);
});

test.each([
  ['an absent value', undefined, 'Mend it (it: missing)'],
  ['a text', 'a "b"', String.raw`(it: "a \"b\"")`],
  ['no number', Number.NaN, '(it: NaN)'],
  ['a large whole number', 12n, '(it: 12)'],
  ['a function', () => 1, '(it: function)'],
  ['a long text', 'x'.repeat(500), `(it: "${'x'.repeat(199)}…)`],
])('shows %s', (_case, value, text) => {
  expect(new PlatformError('INTERNAL', { field: 'it', value, remedy: 'Mend it.' }).message).toContain(text);
});

test('a value that refers to itself can be written and sent', () => {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  const error = new PlatformError('INTERNAL', { field: 'it', value, remedy: 'Mend it.' });
  expect(error.message).toContain('(it: [object Object])');
  expect(JSON.parse(JSON.stringify(error))).toMatchObject({ detail: { value: '[object Object]' } });
});

test('is the same after a way over the wire', () => {
  const body = JSON.parse(JSON.stringify(refused)) as ErrorBody;
  const again = platformError(body);
  expect(again).toBeInstanceOf(PlatformError);
  expect(again.message).toBe(refused.message);
  expect(again.toJSON()).toEqual(refused.toJSON());
});

test.each(['OF_A_LATER_RELEASE', 'toString'])(
  'a code that this build does not know (%s) is internal',
  (code) => {
    expect(platformError({ ...refused.toJSON(), code: code as ErrorBody['code'] })).toMatchObject({
      code: 'INTERNAL',
      status: 500,
    });
  },
);

test('keeps its cause', () => {
  const cause = new Error('disk');
  expect(new PlatformError('INTERNAL', refused.detail, { cause }).cause).toBe(cause);
});

test('the message of what was caught, an error or not', () => {
  expect([new Error('disk'), 'a text', undefined].map(formatCause)).toEqual(['disk', 'a text', 'undefined']);
});

test('rows are written as columns and values, each value shortened for itself', () => {
  const rows = [
    { match: 12, note: 'x'.repeat(300), overs: 21, day: null },
    { match: 13, note: 'short', overs: 0.5, day: true },
  ];
  const { message } = new PlatformError('DATA_INVALID', {
    field: 'check overs',
    value: rows,
    remedy: 'has failed',
  });
  expect(message).toContain(
    `(got match=12, note=${'x'.repeat(40)}…, overs=21, day=null; match=13, note=short, overs=0.5, day=true)`,
  );
});

const messageOf = (value: unknown): string => formatDetail({ field: 'rows', value, remedy: 'has failed' });

test('of many rows the first ten are written, and how many more there are', () => {
  const rows = Array.from({ length: 20_000 }, (_, row) => ({ row, day: '2024-01-01' }));
  const texts = rows.slice(0, 10).map(({ row }) => `row=${row}, day=2024-01-01`);
  expect(messageOf(rows)).toBe(`rows has failed (got ${texts.join('; ')}; 19,990 more rows)`);
  expect(messageOf(rows.slice(0, 11))).toContain('; 1 more row)');
  expect(messageOf(rows.slice(0, 10))).not.toContain('more');
});

test('of wide rows the first columns are written, and how many more there are', () => {
  const wide = Object.fromEntries(Array.from({ length: 500 }, (_, column) => [`c${column}`, column]));
  expect(messageOf([wide])).toMatch(/\(got c0=0, .*, c19=19, 480 more columns\)$/);
});

test('rows are at most 2,000 characters, or one row', () => {
  const cells = (row: number): Record<string, string> =>
    Object.fromEntries(
      Array.from({ length: 20 }, (_, column) => [`${row} ${column} ${'n'.repeat(300)}`, 'x'.repeat(300)]),
    );
  const rows = Array.from({ length: 10 }, (_, row) => cells(row));
  expect(messageOf(rows)).toContain('; 9 more rows)');
  expect(messageOf(rows).length).toBeLessThan(2100);
  const short = Array.from({ length: 10 }, (_, row) => ({ row, text: 'x'.repeat(40) }));
  expect(messageOf(short)).not.toContain('more');
});
