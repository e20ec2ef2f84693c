import { expect, test } from 'vitest';
import { recordValue } from './record-value.ts';

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  '%s is found only if it is there',
  (key) => {
    expect(recordValue({ size: 1 }, key)).toBeUndefined();
    expect(recordValue(Object.fromEntries([[key, 5]]), key)).toBe(5);
  },
);
