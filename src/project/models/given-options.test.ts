import { expect, test } from 'vitest';
import { z } from 'zod';
import { schemaOfOptions } from './given-options.ts';
import { wholeOptions } from './trainer-options.ts';

test('a trainer with a schema of its own keeps it', () => {
  const schema = z.object({ depth: z.int() });
  expect(schemaOfOptions(schema, { depth: 3, shift: 1 })).toBe(schema);
});

test('where any option is taken, the given ones say which there are', () => {
  const schema = schemaOfOptions(z.looseObject({}), { max_depth: 3, eta: 0.1, booster: 'gbtree' });
  expect(Object.keys(schema.shape)).toEqual(['max_depth', 'eta', 'booster']);
  expect(wholeOptions(schema)).toEqual(new Set(['max_depth']));
  expect(schema.safeParse({ max_depth: 3.5, eta: 1, booster: 'gbtree' }).success).toBe(false);
});

test('a range with a fraction makes an option a number', () => {
  const given = { reg_lambda: 1, max_depth: 3 };
  const schema = schemaOfOptions(z.looseObject({}), given, {
    reg_lambda: [0.1, 10, 'log'],
    max_depth: [2, 8],
  });
  expect(wholeOptions(schema)).toEqual(new Set(['max_depth']));
  expect(schema.safeParse({ reg_lambda: 0.3, max_depth: 2 }).success).toBe(true);
});
