import { expect, test } from 'vitest';
import { latestByKey } from './latest-by-key.ts';

async function* listed(rows: readonly object[]): AsyncGenerator<object> {
  yield* rows;
}

test('the last row of each key, in order of the key', async () => {
  const { rows, readAt } = await latestByKey(
    listed([
      { game: 10, team: 'b', points: 1 },
      { game: 9, team: 'a', points: 2 },
      { game: 10, team: 'a', points: 3 },
      { game: 10, team: 'b', points: 4 },
    ]),
    ['game', 'team'],
  );
  expect(rows).toEqual([
    { game: 9, team: 'a', points: 2 },
    { game: 10, team: 'a', points: 3 },
    { game: 10, team: 'b', points: 4 },
  ]);
  expect([1, 2, 3].map(readAt)).toEqual([2, 3, 4]);
});

test('values that look alike are different keys', async () => {
  const { rows } = await latestByKey(listed([{ a: '1' }, { a: 1 }, { a: '1,2' }]), ['a']);
  expect(rows).toHaveLength(3);
});

test('a row without its key is named', async () => {
  await expect(latestByKey(listed([{ a: 1 }, { a: null }]), ['a'])).rejects.toThrow(
    'column a in row 2 must have a value: it is part of the key of the source (missing)',
  );
});
