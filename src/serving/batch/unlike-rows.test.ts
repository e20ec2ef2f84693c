import { expect, test } from 'vitest';
import { type FindUnlike, unlikeCounter } from './unlike-rows.ts';

const size = { field: 'size', title: 'Size', unlike: 'outside', range: '1 to 7' } as const;
const town = { field: 'town', title: 'Town', unlike: 'new' } as const;
const find: FindUnlike = (request) => [
  ...(Number(request['size']) > 7 ? [size] : []),
  ...(request['town'] === 'Rome' ? [town] : []),
];

test('rows are counted by field, on top of those before, the most frequent first', () => {
  const counter = unlikeCounter([{ ...town, rows: 3 }], find);
  expect(counter.rows()).toEqual([{ ...town, rows: 3 }]);
  for (const request of [{ size: 8, town: 'Rome' }, { size: 7 }, { size: 9 }]) counter.add(request);
  expect(counter.rows()).toEqual([
    { ...town, rows: 4 },
    { ...size, rows: 2 },
  ]);
});

test('a field may be named as any property of an object', () => {
  const odd = { field: '__proto__', title: 'Odd', unlike: 'missing' } as const;
  const counter = unlikeCounter([], () => [odd, { ...odd, unlike: 'outside' }]);
  counter.add({});
  counter.add({});
  expect(counter.rows()).toEqual([
    { ...odd, rows: 2 },
    { ...odd, unlike: 'outside', rows: 2 },
  ]);
});
