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
  ['#/models', '/models'],
  ['#/models/churn', '/models/churn'],
  ['#/models/churn/versions', '/models/churn'],
  ['#/models/churn/versions/12', '/models/churn/versions/12'],
  ['#/models/churn/versions/latest', '/models/churn'],
  ['#/models/a%20b%25/versions/1', '/models/a%20b%25/versions/1'],
  ['#/models/100%/versions/1', '/models/100%25/versions/1'],
  ['#/models/名 <b>', '/models/%E5%90%8D%20%3Cb%3E'],
  ['#/prompts/greeting', '/models/greeting'],
  ['#/compare-model-versions?name="a b"&runs={"0a":"3","1b":"2"}', '/models/a%20b/versions/3?against=2'],
  ['#/compare-model-versions?name="a"&runs=broken', '/models/a'],
  ['#/compare-model-versions?runs={}', '/models'],
  ['#main', undefined],
  ['', undefined],
  ['#/elsewhere', undefined],
])('%s', (hash, path) => {
  expect(pathOfMlflowLink(hash)).toBe(path);
});
