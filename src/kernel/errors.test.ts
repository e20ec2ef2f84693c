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

test('a value that refers to itself can be shown and sent', () => {
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
