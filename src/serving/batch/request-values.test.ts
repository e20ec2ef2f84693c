import { expect, test } from 'vitest';
import type { Json } from '../../kernel/json.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';
import { missingMarks } from '../../sources/csv/values.ts';
import { cellRules } from './cell-rules.ts';
import { cellReader } from './request-values.ts';

const format = { decimal: '.', missing: missingMarks, dates: { sold: 'D/M/Y' } } as const;

function read(
  schema: ValueSchema,
  text: string,
  more: { readonly isRequired?: boolean; readonly decimal?: '.' | ',' } = {},
): Json | undefined {
  const { isRequired = true, decimal = '.' } = more;
  return cellReader(schema, isRequired, cellRules('sold', { ...format, decimal }))(text);
}

test.each<[ValueSchema, string, Json | undefined]>([
  [{ type: 'number' }, ' 1,234.5 ', 1234.5],
  [{ type: 'number' }, '€5', 5],
  [{ type: 'integer' }, '-3', -3],
  [{ type: 'number' }, 'large', 'large'],
  [{ type: 'number' }, '', undefined],
  [{ type: 'number' }, 'N/A', undefined],
  [{ type: 'boolean' }, 'Yes', true],
  [{ type: 'boolean' }, '0', false],
  [{ type: 'boolean' }, 'maybe', 'maybe'],
  [{ type: 'string' }, '007', '007'],
  [{ type: 'string' }, 'NA', 'NA'],
  [{ type: 'string' }, '', undefined],
  [{ type: 'string', enum: ['Bath', 'NA'] }, ' Bath', 'Bath'],
  [{ type: 'string', enum: ['Bath', 'NA'] }, 'NA', 'NA'],
  [{ type: 'string', enum: ['Bath'] }, 'York', 'York'],
  [{ enum: [1, 2] }, '2.0', 2],
  [{ type: 'string', format: 'date' }, '03/04/2024', '2024-04-03'],
  [{ type: 'string', format: 'date' }, '2024-04-03', '2024-04-03'],
  [{ type: 'string', format: 'date' }, '31/31/2024', '31/31/2024'],
  [{ type: 'string', format: 'date-time' }, '2024-04-03 12:30', '2024-04-03T12:30:00Z'],
  [{ type: 'string', format: 'date-time' }, '2024-04-03T12:30:00+05:30', '2024-04-03T07:00:00.000Z'],
  [{ type: 'string', format: 'date-time' }, '03/04/2024', '2024-04-03T00:00:00Z'],
  [{ type: 'array' }, '[1,2]', [1, 2]],
  [{ type: 'array' }, '1;2', '1;2'],
  [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'null', null],
  [{ type: ['string', 'null'] }, 'NA', null],
  [{ type: ['string', 'null'] }, 'Bath', 'Bath'],
])('%j reads %j as %j', (schema, text, value) => {
  expect(read(schema, text)).toEqual(value);
});

test('a missing word leaves an optional text out', () => {
  expect(read({ type: 'string' }, 'NA', { isRequired: false })).toBeUndefined();
});

test('the decimal mark is that of the file', () => {
  expect(read({ type: 'number' }, '1.234,5', { decimal: ',' })).toBe(1234.5);
  expect(read({ type: 'number' }, '1,5')).toBe('1,5');
});
