import { expect, test } from 'vitest';
import type { JobView } from '../../api/job-views.ts';
import type { ServerEvent } from '../../api/views.ts';
import { openTopic } from '../../kernel/events.ts';
import { logRuns } from './log-runs.ts';

const queued: JobView = {
  id: 'r1',
  project: 'cars',
  target: null,
  trigger: { kind: 'person', name: 'asha' },
  why: 'asha',
  status: 'queued',
  queuedAt: 1000,
  startedAt: null,
  endedAt: null,
  attempt: 1,
  resumes: null,
  resumedBy: null,
  cancelRequested: false,
  outcome: null,
  error: null,
};

test('the log says who requested a run, when it started and how it ended', () => {
  const lines: unknown[] = [];
  const add =
    (level: string) =>
    (message: string, fields = {}): void =>
      void lines.push([level, message, fields]);
  const events = openTopic<ServerEvent>();
  const log = { debug: add('debug'), info: add('info'), warn: add('warn'), error: add('error') };
  const stop = logRuns(events, log);
  const message = 'no such project: cars';
  const error = {
    code: 'PROJECT_NOT_FOUND',
    message,
    detail: { field: 'a', value: 1, remedy: 'b' },
  } as const;
  const running = { ...queued, status: 'running', startedAt: 2000 } as const;
  for (const job of [
    queued,
    running,
    { ...running, cancelRequested: true },
    { ...running, status: 'failed', endedAt: 3500, error },
    { ...running, status: 'finished', endedAt: 4000, target: 'clean' },
  ] as const)
    events.publish({ type: 'job', project: 'cars', job });
  stop();
  events.publish({ type: 'job', project: 'cars', job: queued });
  const run = { run: 'r1', project: 'cars', why: 'asha' };
  expect(lines).toEqual([
    ['info', 'a run was queued', run],
    ['info', 'a run started', run],
    ['info', 'a run is being stopped', run],
    ['error', 'a run ended', { ...run, status: 'failed', seconds: 1.5, error: message }],
    ['info', 'a run ended', { ...run, target: 'clean', status: 'finished', seconds: 2 }],
  ]);
});
