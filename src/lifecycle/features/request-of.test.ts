import { expect, test } from 'vitest';
import { z } from 'zod';
import { requestOf } from './request-of.ts';

const request = z.object({
  size: z.number(),
  rooms: z.number().optional(),
  age: z.number().nullable(),
  floor: z.number().nullish(),
  town: z.string().default('Bath'),
});

test('a stored row is what a caller would have sent: absent is undefined, null is null', () => {
  const row = { size: 80, rooms: null, age: null, floor: null, town: null };
  expect(requestOf(row, request, 0)).toEqual({ size: 80, age: null, floor: null, town: 'Bath' });
  expect(requestOf(row, request, 0)).not.toHaveProperty('rooms');
  expect(requestOf({ ...row, rooms: 3 }, request, 0)).toMatchObject({ rooms: 3 });
});

test('null for a field that takes neither null nor nothing is refused with its row', () => {
  const row = { size: null, age: null };
  expect(() => requestOf(row, request, 4)).toThrow(/row 5, size/);
});
