import { expect, test } from 'vitest';
import { formatJson } from './looked-up.tsx';

test('a value of a request or a view has the form that its number has everywhere', () => {
  expect([1338, 2015, 0.64213, -3, true, null, 'Bergen'].map((value) => formatJson(value, 'amount'))).toEqual(
    ['1,338', '2,015', '0.642', '−3', 'yes', 'not given', 'Bergen'],
  );
  expect(formatJson(2015, 'year')).toBe('2015');
});
