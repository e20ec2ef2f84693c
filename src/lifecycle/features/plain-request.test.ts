import { expect, test } from 'vitest';
import { z } from 'zod';
import { type FieldColumn, plainRequest, valuesAt } from './plain-request.ts';
import { requestOf } from './request-of.ts';

const values: readonly unknown[] = [
  null,
  '',
  'a',
  'ab',
  'abcd',
  ' a ',
  '7',
  '2024-02-29',
  '2024-02-30',
  '2024-02-29T10:00:00Z',
  -1,
  -0,
  0,
  0.5,
  1,
  3,
  2 ** 53,
  Infinity,
  true,
  false,
];

const plain: Readonly<Record<string, z.ZodType>> = {
  text: z.string(),
  'text with lengths': z.string().min(1).max(3),
  number: z.number(),
  'number with bounds': z.number().min(0).max(3),
  'number between': z.number().gt(0).lt(3),
  'whole number': z.int().min(0),
  'whole number, as a check': z.number().int().nonnegative(),
  boolean: z.boolean(),
  enum: z.enum(['a', 'ab']),
  'enum of TypeScript': z.enum({ a: 0, 0: 'a', ab: 1, 1: 'ab' }),
  nullable: z.number().min(0).nullable(),
  optional: z.string().optional(),
  nullish: z.enum(['a']).nullish(),
  'nullable optional': z.number().optional().nullable(),
  described: z.number().meta({ title: 'Size' }).nullable(),
  date: z.iso.date(),
  time: z.iso.datetime().nullable(),
};

/** What the schema makes of a row, or 'refused'. */
function parsed(request: z.ZodObject, row: Readonly<Record<string, unknown>>): unknown {
  try {
    return requestOf(row, request, 0);
  } catch {
    return 'refused';
  }
}

test.each(Object.keys(plain))('a field that is %s is checked as the schema does', (name) => {
  const request = z.object({ first: z.boolean(), field: plain[name] as z.ZodType });
  const parse = plainRequest(request);
  const columns = [values.map(() => true), values].map(inTable);
  const found = values.map((_, row) => parse?.(valuesAt(columns, row)) ?? 'refused');
  expect(found).toStrictEqual(values.map((field) => parsed(request, { first: true, field })));
  expect(found.filter((each) => each !== 'refused').length).toBeGreaterThan(0);
});

function inTable(column: FieldColumn['values']): FieldColumn {
  return { values: column, isOptional: false };
}

test('numbers of columns are null where they are missing', () => {
  const request = z.object({ a: z.number(), b: z.number().nullable(), c: z.number().optional() });
  const columns = [Float64Array.of(1, 1, 1, Number.NaN), Float64Array.of(2, Number.NaN, 2, 2), undefined].map(
    inTable,
  );
  expect([0, 1, 2, 3].map((row) => plainRequest(request)?.(valuesAt(columns, row)))).toStrictEqual([
    { a: 1, b: 2 },
    { a: 1, b: null },
    { a: 1, b: 2 },
    undefined,
  ]);
});

test.each<[string, z.ZodType]>([
  ['a refinement', z.number().refine((value) => value > 1)],
  ['a transform', z.string().transform((value) => value.length)],
  ['a text that is changed', z.string().trim()],
  ['a default', z.number().default(3)],
  ['a coercion', z.coerce.number()],
  ['a format', z.email()],
  ['a pattern', z.string().regex(/a/)],
  ['a multiple', z.number().multipleOf(2)],
  ['a whole number of 32 bits', z.int32()],
  ['a union', z.union([z.string(), z.number()])],
  ['a list', z.array(z.number())],
  [
    'a refined nullable',
    z
      .number()
      .nullable()
      .refine(() => true),
  ],
  ['a value for errors', z.number().catch(1)],
])('%s is left to the schema', (_, field) => {
  expect(plainRequest(z.object({ field }))).toBeUndefined();
});

test('a refined object, and a field named __proto__, are left to the schema', () => {
  expect(plainRequest(z.object({ a: z.number() }).refine(() => true))).toBeUndefined();
  expect(plainRequest(z.object(Object.fromEntries([['__proto__', z.number()]])))).toBeUndefined();
});
