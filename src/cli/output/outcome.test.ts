import { expect, test } from 'vitest';
import type { JobView } from '../../api/job-views.ts';
import type { TaskView } from '../../api/views.ts';
import { jobText } from './outcome.ts';

const options = { took: 1, terminal: { out() {}, err() {}, interactive: false, columns: 80 } };
const taskThatWas = (status: TaskView['status']): TaskView => ({
  task: 'houses',
  label: 'houses',
  operation: 'rows',
  description: null,
  declared: { kind: 'source', name: 'houses' },
  needs: [],
  status,
  startedAt: null,
  endedAt: null,
  progress: null,
  summary: null,
  error: null,
});
const job: JobView = {
  id: 'a',
  project: 'houses',
  target: null,
  trigger: { kind: 'client' },
  why: 'command line',
  status: 'cancelled',
  queuedAt: 1,
  startedAt: null,
  endedAt: 2,
  attempt: 1,
  resumes: null,
  resumedBy: null,
  cancelRequested: true,
  outcome: null,
  error: null,
};

test.each<[Partial<JobView>, string]>([
  [{}, 'The run (command line) was cancelled before it started.'],
  [{ startedAt: 1 }, 'The run (command line) was cancelled.'],
  [
    { startedAt: 1, outcome: { run: null, tasks: [taskThatWas('skipped')], verdicts: [] } },
    'The run was stopped before anything changed (1 ms).',
  ],
  [
    { status: 'finished', outcome: { run: null, tasks: [taskThatWas('hit')], verdicts: [] } },
    'Nothing changed: all 1 tasks are up to date (1 ms).',
  ],
  [
    { status: 'interrupted', attempt: 3 },
    'The run (command line) was interrupted 3 times and is not tried again.',
  ],
  [{ status: 'interrupted' }, 'The run (command line) was interrupted once and is not tried again.'],
])('a job that came to nothing says why: %j', (change, text) => {
  expect(jobText({ ...job, ...change }, options)).toBe(text);
});

test('a version that could not be judged is named with the reason', () => {
  const models = [
    {
      model: 'cars',
      runId: 'b',
      version: 2,
      metrics: [],
      testData: null,
      verdict: null,
      notJudged: null,
      warnings: [],
    },
    {
      model: 'vans',
      runId: '',
      version: 3,
      metrics: [],
      testData: null,
      verdict: null,
      notJudged: 'No MLmodel.',
      warnings: [],
    },
  ];
  const run = {
    id: 'a',
    name: 'calm-heron',
    project: 'houses',
    status: 'FINISHED',
    startedAt: 1,
    endedAt: 2,
    why: '',
    models,
    failed: null,
  } as const;
  const outcome = { run, tasks: [taskThatWas('done')], verdicts: [] };
  expect(jobText({ ...job, status: 'finished', outcome }, options)).toBe(
    'not judged: vans version 3: No MLmodel.\nRun calm-heron: 0 of 1 tasks from the cache, 1 ms.',
  );
});

test('rows that were set aside are named, also when the task comes from the cache', () => {
  const notes = ['set aside: x.csv, line 3: wrong', '… and 2 more: see the data page'];
  const outcome = { run: null, tasks: [{ ...taskThatWas('hit'), notes }], verdicts: [] };
  expect(jobText({ ...job, status: 'finished', outcome }, options)).toBe(
    'houses: set aside: x.csv, line 3: wrong\nhouses: … and 2 more: see the data page\nNothing changed: all 1 tasks are up to date (1 ms).',
  );
});
