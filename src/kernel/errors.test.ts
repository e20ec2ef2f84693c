import { expect, test } from 'vitest';
import { type ErrorBody, platformError, PlatformError, formatDetail } from './errors.ts';

const refused = new PlatformError('INPUT_INVALID', {
  field: 'wickets',
  value: 11,
  remedy: 'Give a whole number from 0 to 10.',
  more: [{ field: 'runs', value: undefined, remedy: 'Give a number.' }],
});

test('says what is wrong, what was found and what to do', () => {
  expect(refused.message).toBe('bad input: wickets is 11. Give a whole number from 0 to 10.');
  expect(refused).toMatchObject({ name: 'PlatformError', code: 'INPUT_INVALID', status: 400 });
  expect(refused.detail.more?.map(formatDetail)).toEqual(['runs is missing. Give a number.']);
});

test.each([
  ['an absent value', undefined, 'is missing.'],
  ['a text', 'a "b"', String.raw`is "a \"b\"".`],
  ['no number', Number.NaN, 'is NaN.'],
  ['a large whole number', 12n, 'is 12.'],
  ['a function', () => 1, 'is function.'],
  ['a long text', 'x'.repeat(500), `is "${'x'.repeat(199)}….`],
])('shows %s', (_case, value, shown) => {
  expect(new PlatformError('INTERNAL', { field: 'it', value, remedy: 'Mend it.' }).message).toContain(shown);
});

test('a value that refers to itself can be shown and sent', () => {
  const value: Record<string, unknown> = {};
  value['self'] = value;
  const error = new PlatformError('INTERNAL', { field: 'it', value, remedy: 'Mend it.' });
  expect(error.message).toContain('it is [object Object].');
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
