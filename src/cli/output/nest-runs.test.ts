import { expect, test } from 'vitest';
import type { FoundRun } from '../../api/run-views.ts';
import { nestRuns } from './nest-runs.ts';

function run(id: string, parent?: string): FoundRun {
  return {
    id,
    name: id,
    experiment: { id: '0', name: 'Default' },
    status: 'FINISHED',
    lifecycle: 'active',
    user: '',
    startedAt: 1,
    endedAt: 2,
    artifactUri: '',
    params: {},
    metrics: {},
    tags: parent === undefined ? {} : { 'mlflow.parentRunId': parent },
  };
}

test.each<[string, readonly FoundRun[], readonly string[]]>([
  ['no run', [], []],
  ['runs that are not nested keep their order', [run('b'), run('a')], ['b 0', 'a 0']],
  [
    'a nested run is below its parent, wherever it was found',
    [run('trial', 'training'), run('other'), run('training', 'pipeline'), run('pipeline')],
    ['other 0', 'pipeline 0', 'training 1', 'trial 2'],
  ],
  ['a parent on another page', [run('trial', 'elsewhere'), run('other')], ['trial 0', 'other 0']],
  ['a circle of parents', [run('a', 'b'), run('b', 'a'), run('c', 'c')], ['a 1', 'b 2', 'c 1']],
])('%s', (_case, runs, listed) => {
  expect(nestRuns(runs).map(({ run: { id }, depth }) => `${id} ${depth}`)).toEqual(listed);
});
