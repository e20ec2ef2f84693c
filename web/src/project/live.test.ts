import { expect, test } from 'vitest';
import type { RunRow, ServerEvent, TaskView } from '../../../src/client/index.ts';
import { withEvents, withRun } from './live.ts';

const line = (task: string, text: string): ServerEvent => ({ type: 'log', project: 'p', task, line: text });

const task = (name: string, status: TaskView['status']): ServerEvent => ({
  type: 'task',
  project: 'p',
  run: 'r',
  task: {
    task: name,
    label: name,
    operation: 'step',
    description: null,
    declared: { kind: 'step', name },
    needs: [],
    status,
    startedAt: null,
    endedAt: null,
    progress: null,
    summary: null,
    error: null,
  },
});

test('keeps the lines of each task in order, and of a long log the last', () => {
  const logs = withEvents(new Map(), [line('train', 'one'), line('search', 'two'), line('train', 'three')]);
  expect(Object.fromEntries(logs)).toEqual({ train: ['one', 'three'], search: ['two'] });
  const long = withEvents(
    logs,
    Array.from({ length: 600 }, (_none, index) => line('train', String(index))),
  );
  expect(long.get('train')).toHaveLength(500);
  expect(long.get('train')?.at(-1)).toBe('599');
});

test('a task that waits again starts its log anew; the others keep theirs', () => {
  const logs = withEvents(new Map(), [line('train', 'old'), line('search', 'kept')]);
  const next = withEvents(logs, [task('train', 'waiting'), task('search', 'running'), line('train', 'new')]);
  expect(Object.fromEntries(next)).toEqual({ train: ['new'], search: ['kept'] });
});

const run = (id: string, status: RunRow['status']): RunRow => ({
  id,
  name: id,
  project: 'p',
  status,
  startedAt: 0,
  endedAt: null,
  why: 'you',
  models: [],
  failed: null,
});

test('a run that is known is replaced in its place, a new one comes first', () => {
  const page = (...runs: readonly RunRow[]) => ({ runs, next: null });
  const data = {
    pages: [page(run('b', 'RUNNING')), page(run('a', 'FINISHED'))],
    pageParams: [undefined, '5-b'],
  };
  expect(withRun(data, run('a', 'FAILED')).pages).toEqual([
    page(run('b', 'RUNNING')),
    page(run('a', 'FAILED')),
  ]);
  expect(withRun(data, run('c', 'RUNNING')).pages).toEqual([
    page(run('c', 'RUNNING'), run('b', 'RUNNING')),
    page(run('a', 'FINISHED')),
  ]);
});
