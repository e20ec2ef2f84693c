import { expect, test } from 'vitest';
import { batchesOf } from './batches.ts';
import { type Change, type ChangeKind, streamOf } from './change.ts';

function change(kind: ChangeKind, id: number, value = ''): Change {
  const at = { number: 0, step: 0, at: undefined, queuedAt: 0 };
  return { id, stream: streamOf('run', 'a'), kind, key: `k${id}`, note: '', value, ...at };
}

function many(kind: ChangeKind, count: number, value = ''): readonly Change[] {
  return Array.from({ length: count }, (_, id) => change(kind, id, value));
}

const sizes = (changes: readonly Change[]) => batchesOf(changes).map((batch) => batch.length);

test.each([
  ['points', many('point', 2500), [1000, 1000, 500]],
  ['params', many('param', 250), [100, 100, 50]],
  ['tags', many('tag', 101), [100, 1]],
  ['points for models, which are points', [...many('model-point', 600), ...many('point', 600)], [1000, 200]],
  ['all together', [...many('param', 90), ...many('tag', 90), ...many('point', 900)], [1000, 80]],
  ['long values', many('param', 90, 'x'.repeat(6000)), [65, 25]],
  [
    'one that is longer than a request',
    [change('param', 1, 'x'.repeat(500_000)), change('param', 2)],
    [1, 1],
  ],
  ['nothing', [], []],
])('a request takes no more than MLflow does: %s', (_case, changes, expected) => {
  expect(sizes(changes)).toEqual(expected);
});

test('a change that is not an entry has a request of its own, in order', () => {
  const kinds = ['param', 'point', 'tag-gone', 'tag', 'status', 'status', 'point'] as const;
  const batches = batchesOf(kinds.map((kind, id) => change(kind, id)));
  expect(batches.map((batch) => batch.map(({ kind }) => kind))).toEqual([
    ['param', 'point'],
    ['tag-gone'],
    ['tag'],
    ['status'],
    ['status'],
    ['point'],
  ]);
});
