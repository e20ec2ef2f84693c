import { expect, test } from 'vitest';
import { pathOfMlflowLink } from './mlflow-links.ts';

test.each([
  ['#/', '/'],
  ['#/experiments', '/'],
  ['#/experiments/1', '/experiments/1'],
  ['#/experiments/1/runs', '/experiments/1'],
  ['#/experiments/1?searchFilter=&orderByKey=attributes.start_time', '/experiments/1'],
  ['#/experiments/1/runs/0a1b', '/runs/0a1b'],
  ['#/experiments/1/runs/0a1b/model-metrics', '/runs/0a1b'],
  [
    '#/compare-runs?runs=["0a","1b"]&experiments=["1"]',
    '/runs?filter=attributes.run_id+IN+%28%270a%27%2C+%271b%27%29',
  ],
  ['#/compare-runs?runs=%5B%220a%22%5D', '/runs?filter=attributes.run_id+IN+%28%270a%27%29'],
  ['#/compare-runs?runs=broken', '/runs'],
  ['#/compare-experiments/s?experiments=["1","2"]', '/runs?experiments=1%2C2'],
  ['#main', undefined],
  ['', undefined],
  ['#/elsewhere', undefined],
])('%s', (hash, path) => {
  expect(pathOfMlflowLink(hash)).toBe(path);
});
