import { expect, test } from 'vitest';
import { type Compared, diffOf } from './diff.ts';

const nothing: Compared = { version: { metrics: [], signature: null, tags: {} }, run: undefined };

function ran(
  run: Partial<NonNullable<Compared['run']>>,
  version: Partial<Compared['version']> = {},
): Compared {
  return {
    version: { ...nothing.version, ...version },
    run: { metrics: {}, params: {}, datasets: [], ...run },
  };
}

test('only what differs is listed, and the rest is counted', () => {
  const before = ran({
    params: { depth: '3', lr: '0.1', old: 'x' },
    metrics: { loss: 2, acc: 0.5, 'system/cpu': 3 },
  });
  const after = ran({
    params: { depth: '4', lr: '0.1', __proto__x: 'y' },
    metrics: { loss: 'NaN', acc: 0.5 },
  });
  expect(diffOf(before, after)).toEqual([
    { title: 'Metrics', same: 1, differences: [{ name: 'loss', before: 2, after: 'NaN' }] },
    {
      title: 'Params',
      same: 1,
      differences: [
        { name: '__proto__x', before: undefined, after: 'y' },
        { name: 'depth', before: '3', after: '4' },
        { name: 'old', before: 'x', after: undefined },
      ],
    },
  ]);
});

test('data, signature and tags are compared too', () => {
  const column = { name: 'size', type: 'double', required: true, default: null };
  const signature = { inputs: [column], outputs: [{ ...column, name: '' }], params: [] };
  const changed = { ...signature, inputs: [{ ...column, required: false }] };
  const before = ran(
    { datasets: [{ name: 'rows', digest: 'a1', context: 'training' }] },
    { signature, tags: { t: '1' } },
  );
  const after = ran(
    { datasets: [{ name: 'rows', digest: 'b2', context: 'training' }] },
    { signature: changed },
  );
  expect(diffOf(before, after).map(({ title, same, differences }) => [title, same, differences])).toEqual([
    ['Datasets', 0, [{ name: 'rows, training', before: 'a1', after: 'b2' }]],
    ['Inputs', 0, [{ name: 'size', before: 'double', after: 'double, optional' }]],
    ['Outputs', 1, []],
    ['Tags', 0, [{ name: 't', before: '1', after: undefined }]],
  ]);
});

test('what the gate measured counts before what the run logged', () => {
  const metric = { name: 'mae', title: 'MAE', value: 3, unit: null, better: 'lower' } as const;
  const [metrics] = diffOf(ran({ metrics: { mae: 9 } }), ran({ metrics: { mae: 9 } }, { metrics: [metric] }));
  expect(metrics?.differences).toEqual([{ name: 'mae', before: 9, after: 3 }]);
});

test('versions without anything have no section', () => {
  expect(diffOf(nothing, nothing)).toEqual([]);
});
