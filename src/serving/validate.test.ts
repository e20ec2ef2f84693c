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
  const schema = z.object({ size: z.number(), rooms: z.int().default(3), place: z.string().optional() });
  const described = z.toJSONSchema(schema, { io: 'input' }) as JsonObject;
  expect(validate({ size: 80 }, schema, described)).toEqual({ size: 80, rooms: 3 });
});

test.each<[string, z.ZodType, unknown, string]>([
  ['a text for a number', z.number(), '80', 'Give a number.'],
  ['a number below its range', z.number().min(0), -1, 'Give a number of at least 0.'],
  ['a number above its range', z.number().max(9), 10, 'Give a number of at most 9.'],
  ['a bound that is no part', z.number().gt(0).lt(1), 1, 'Give a number above 0 and below 1.'],
  ['one bound of each kind', z.number().min(0).lt(1), 1, 'Give a number of at least 0 and below 1.'],
  ['a broken number', z.int(), 1.5, 'Give a whole number.'],
  ['a whole number out of its range', z.int().min(0).max(10), 11, 'Give a whole number from 0 to 10.'],
  ['a text for a truth value', z.boolean(), 'true', 'Give true or false.'],
  ['another word', z.enum(['a', 'b']), 'c', 'Give one of "a", "b".'],
  ['another constant', z.literal('x'), 'y', 'Give "x".'],
  ['a day that is not', z.iso.date(), '2023-02-29', 'Give a date as YYYY-MM-DD.'],
  ['a time without a zone', z.iso.datetime(), '2023-02-28', 'Give a time as 2026-01-31T12:00:00Z.'],
  ['a number for a text', z.string(), 3, 'Give a text.'],
  ['an empty text', z.string().min(1), '', 'Give a text that is not empty.'],
  ['a short text', z.string().min(2).max(3), 'a', 'Give a text of at least 2 and at most 3 characters.'],
  ['a long text', z.string().max(3), 'abcd', 'Give a text of at most 3 characters.'],
  ['a text of another form', z.string().regex(/^[A-Z]+$/), 'a', 'Give a text that matches ^[A-Z]+$.'],
  ['a text for a number or null', z.number().nullable(), '1', 'Give a number or null.'],
  [
    'a number out of range, or null',
    z.number().min(0).nullable(),
    -1,
    'Give a number of at least 0 or null.',
  ],
  ['another word, or null', z.enum(['a']).nullable(), 'c', 'Give one of "a" or null.'],
  ['a text for a date or null', z.iso.date().nullable(), 'x', 'Give a date as YYYY-MM-DD or null.'],
  ['null for what is not nullable', z.number(), null, 'Give a number.'],
])('%s', (...[, field, value, says]) => {
  expect(refused(z.object({ field }), { field: value })).toEqual([`field: ${says}`]);
});

test('unit and example of a field are in its words', () => {
  const size = z
    .number()
    .min(0)
    .meta({ unit: 'm²', examples: [80] });
  expect(refused(z.object({ size }), { size: -1 })).toEqual([
    'size: Give a number of at least 0 (m²), such as 80.',
  ]);
});

const Home = z.object({ size: z.number().min(0), garden: z.boolean(), age: z.int().optional() });

test('everything that is wrong is told at once, each field once', () => {
  expect(refused(Home, { size: 'large', garten: true, age: 1.5 })).toEqual([
    'garten: There is no such field. Known: size, garden, age.',
    'size: Give a number of at least 0.',
    'garden: Give true or false.',
    'age: Give a whole number.',
  ]);
});

test.each([
  ['a list', [1]],
  ['null', null],
  ['a text', '{}'],
  ['nothing', undefined],
  ['a number', 1],
])('%s is no request', (_case, request) => {
  expect(refused(Home, request)).toEqual(['request: Send a JSON object with the fields of the request.']);
});

test('a member named as those of every object is no field', () => {
  expect(refused(Home, JSON.parse('{"size":1,"garden":true,"constructor":1,"__proto__":{}}'))).toEqual([
    'constructor: There is no such field. Known: size, garden, age.',
    '__proto__: There is no such field. Known: size, garden, age.',
  ]);
});

test('a refinement speaks for itself, of the field that it names', () => {
  const schema = Home.check(({ value, issues }) => {
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
  const whole = Home.refine(({ garden }) => garden, 'Houses without a garden are not known!');
  expect(refused(whole, { size: 10, garden: false })).toEqual([
    'request: Houses without a garden are not known!',
  ]);
});

test('the value that was found is told', () => {
  const described = z.toJSONSchema(Home) as JsonObject;
  expect(() => validate({ size: -5, garden: true }, Home, described)).toThrow('size is -5.');
  expect(() => validate({ size: 5 }, Home, described)).toThrow('garden is missing.');
});
