import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';
import { impossibleDay } from './impossible-day.ts';
import { validate } from './validate.ts';

const date = { type: 'string', format: 'date' } as const;

test.each<[string, string | undefined]>([
  ['31.02.2024', 'must be a day that exists: February 2024 has 29 days'],
  ['29.02.2023', 'must be a day that exists: February 2023 has 28 days'],
  ['31. 4. 2024', 'must be a day that exists: April 2024 has 30 days'],
  ['2024-02-30', 'must be a day that exists: February 2024 has 29 days'],
  ['2024-02-30T10:00:00Z', 'must be a day that exists: February 2024 has 29 days'],
  ['2024/13/01', 'must be a day that exists: no year has a month 13'],
  ['2024-00-10', 'must be a day that exists: no year has a month 0'],
  ['31/02/2024', 'must be a day that exists: February 2024 has 29 days'],
  ['02/31/2024', 'must be a day that exists: February 2024 has 29 days'],
  ['32/32/2024', 'must be a day that exists: no year has a month 32'],
  ['00.01.2024', 'must be a day that exists: January 2024 has 31 days'],
  ['29.02.2024', undefined],
  ['02/03/2024', undefined],
  ['13/01/2024', undefined],
  ['2024-01-31', undefined],
  ['soon', undefined],
  ['123', undefined],
  ['', undefined],
])('%j as a date: %s', (text, rule) => {
  expect(impossibleDay(text, date)).toBe(rule);
  expect(impossibleDay(text, { anyOf: [date, { type: 'null' }] })).toBe(rule);
  expect(impossibleDay(text, { type: 'string', format: 'date-time' })).toBe(rule);
  expect(impossibleDay(text, { type: 'string' })).toBeUndefined();
});

test('a request names the field, the value and why its day does not exist', () => {
  const schema = z.object({ day: z.iso.date(), at: z.iso.datetime().nullable() });
  const described = z.toJSONSchema(schema) as JsonObject;
  expect(() => validate({ day: '2024-02-30', at: '2023-02-29T10:00:00Z' }, schema, described)).toThrow(
    'day must be a day that exists: February 2024 has 29 days (got "2024-02-30")',
  );
  expect(() => validate({ day: 'soon', at: null }, schema, described)).toThrow(
    'day must be a date as YYYY-MM-DD (got "soon")',
  );
});
