import { expect, test } from 'vitest';
import { formatRule, type ValueSchema } from './schema-rule.ts';

test.each<[string, ValueSchema, string]>([
  ['wickets', { type: 'integer', minimum: 0, maximum: 10, unit: 'wickets' }, 'a whole number from 0 to 10'],
  ['size', { type: 'number', minimum: 0, unit: 'm²' }, 'a number of at least 0 m²'],
  ['size', { type: 'number', unit: 'm²' }, 'a number in m²'],
  ['town', { type: 'string', examples: ['Bath'] }, 'a text, such as "Bath"'],
  ['overs', { type: 'integer', minimum: 0, maximum: 20, examples: [12] }, 'a whole number from 0 to 20'],
  ['id', { type: 'integer', minimum: -(2 ** 53 - 1), maximum: 2 ** 53 - 1 }, 'a whole number'],
  ['ids', { type: 'array', maxItems: 3 }, 'a list of at most 3 items'],
  ['point', { type: 'object', required: ['time', 'value'] }, 'an object with time and value'],
  ['who', { type: ['string', 'null'] }, 'a text or null'],
])('the rule for %s by %j', (field, schema, text) => {
  expect(formatRule(field, schema)).toBe(`must be ${text}`);
});
