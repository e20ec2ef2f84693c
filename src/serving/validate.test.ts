import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { validate } from './validate.ts';

/** What is refused of a request, each field in words. */
function refused(schema: z.ZodObject, request: unknown): readonly string[] {
  const described = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonObject;
  try {
    validate(request, schema, described);
    return [];
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'INPUT_INVALID') throw error;
    const { more = [], ...first }: ErrorDetail = error.detail;
    return [first, ...more].map(({ field, remedy }) => `${field}: ${remedy}`);
  }
}

test('a sound request is what its schema makes of it', () => {
  const schema = z.object({ size: z.number(), rooms: z.int().default(3), town: z.string().optional() });
  const described = z.toJSONSchema(schema, { io: 'input' }) as JsonObject;
  expect(validate({ size: 80 }, schema, described)).toEqual({ size: 80, rooms: 3 });
});

test.each<[string, z.ZodType, unknown, string]>([
  ['a text for a number', z.number(), '80', 'must be a number'],
  ['a number below its range', z.number().min(0), -1, 'must be a number of at least 0'],
  ['a number above its range', z.number().max(9), 10, 'must be a number of at most 9'],
  ['a bound that is no part', z.number().gt(0).lt(1), 1, 'must be a number above 0 and below 1'],
  ['one bound of each kind', z.number().min(0).lt(1), 1, 'must be a number of at least 0 and below 1'],
  ['a broken number', z.int(), 1.5, 'must be a whole number'],
  ['a whole number out of its range', z.int().min(0).max(10), 11, 'must be a whole number from 0 to 10'],
  ['a text for a truth value', z.boolean(), 'true', 'must be true or false'],
  ['another word', z.enum(['a', 'b']), 'c', 'must be one of "a", "b"'],
  ['another constant', z.literal('x'), 'y', 'must be "x"'],
  ['a day that is not', z.iso.date(), '2023-02-29', 'must be a day that exists: February 2023 has 28 days'],
  ['a time without a zone', z.iso.datetime(), '2023-02-28', 'must be a time as 2026-01-31T12:00:00Z'],
  ['a number for a text', z.string(), 3, 'must be a text'],
  ['an empty text', z.string().min(1), '', 'must be a text that is not empty'],
  ['a short text', z.string().min(2).max(3), 'a', 'must be a text of at least 2 and at most 3 characters'],
  ['a long text', z.string().max(3), 'abcd', 'must be a text of at most 3 characters'],
  ['a text of another form', z.string().regex(/^[A-Z]+$/), 'a', 'must be a text that matches ^[A-Z]+$'],
  ['a text for a number or null', z.number().nullable(), '1', 'must be a number or null'],
  [
    'a number out of range, or null',
    z.number().min(0).nullable(),
    -1,
    'must be a number of at least 0 or null',
  ],
  ['another word, or null', z.enum(['a']).nullable(), 'c', 'must be one of "a" or null'],
  ['a text for a date or null', z.iso.date().nullable(), 'x', 'must be a date as YYYY-MM-DD or null'],
  ['null for what is not nullable', z.number(), null, 'must be a number'],
])('%s', (...[, field, value, says]) => {
  expect(refused(z.object({ field }), { field: value })).toEqual([`field: ${says}`]);
});

test('unit and example of a field are in its words', () => {
  const size = z
    .number()
    .min(0)
    .meta({ unit: 'm²', examples: [80] });
  expect(refused(z.object({ size }), { size: -1 })).toEqual([
    'size: must be a number of at least 0 m², such as 80',
  ]);
});

const House = z.object({ size: z.number().min(0), garden: z.boolean(), age: z.int().optional() });

test('everything that is wrong is told at once, each field once', () => {
  expect(refused(House, { size: 'large', garten: true, age: 1.5 })).toEqual([
    'garten: is not a field of the request; its fields are size, garden, age',
    'size: must be a number of at least 0',
    'garden: must be true or false',
    'age: must be a whole number',
  ]);
});

test.each([
  ['a list', [1]],
  ['null', null],
  ['a text', '{}'],
  ['nothing', undefined],
  ['a number', 1],
])('%s is no request', (_case, request) => {
  expect(refused(House, request)).toEqual(['request: must be a JSON object with the fields of the request']);
});

test('a member named as those of every object is no field', () => {
  expect(refused(House, JSON.parse('{"size":1,"garden":true,"constructor":1,"__proto__":{}}'))).toEqual([
    'constructor: is not a field of the request; its fields are size, garden, age',
    '__proto__: is not a field of the request; its fields are size, garden, age',
  ]);
});

test('a refinement speaks for itself, of the field that it names', () => {
  const schema = House.check(({ value, issues }) => {
    if (value.garden && value.size < 20)
      issues.push({
        code: 'custom',
        input: value.garden,
        path: ['garden'],
        message: 'too small for a garden',
      });
  });
  expect(refused(schema, { size: 10, garden: true })).toEqual(['garden: too small for a garden.']);
  expect(refused(schema, { size: 30, garden: true })).toEqual([]);
  const whole = House.refine(({ garden }) => garden, 'Houses without a garden are not known!');
  expect(refused(whole, { size: 10, garden: false })).toEqual([
    'request: Houses without a garden are not known!',
  ]);
});

test('the value that was found is told', () => {
  const described = z.toJSONSchema(House) as JsonObject;
  expect(() => validate({ size: -5, garden: true }, House, described)).toThrow(
    'size must be a number of at least 0 (got -5)',
  );
  expect(() => validate({ size: 5 }, House, described)).toThrow('garden must be true or false (missing)');
});

test('an item of a list is refused by the rule of the item, for the first three items', () => {
  const point = z.object({ time: z.union([z.string(), z.number()]), value: z.number() });
  const schema = z.object({ history: z.array(point).min(1).max(5).optional() });
  expect(refused(schema, { history: [1, 2, 3, 4] })).toEqual([
    'history.0: must be an object with time and value',
    'history.1: must be an object with time and value',
    'history.2: must be an object with time and value',
  ]);
  expect(refused(schema, { history: [{ time: true, value: '7' }] })).toEqual([
    'history.0.time: must be a text or a number',
    'history.0.value: must be a number',
  ]);
  expect(refused(schema, { history: [] })).toEqual([
    'history: must be a list of at least 1 and at most 5 items',
  ]);
});
