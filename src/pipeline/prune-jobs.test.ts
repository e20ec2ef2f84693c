import { expect, test } from 'vitest';
import type { RunId } from '../kernel/ids.ts';
import { jobsToPrune, type PrunableJob } from './prune-jobs.ts';

const job = (id: string, change: Partial<PrunableJob> = {}): PrunableJob => ({
  id: id as RunId,
  status: 'finished',
  endedAt: 100,
  hasKey: false,
  ...change,
});
const all = { latest: 0, most: 100, endedSince: 200 };

test('the latest stay however old, and the others when they ended long ago go', () => {
  const jobs = [job('d'), job('c', { endedAt: 200 }), job('b', { endedAt: 199 }), job('a')];
  expect(jobsToPrune(jobs, { ...all, latest: 1 })).toEqual({ remove: ['b', 'a'], strip: [] });
  expect(jobsToPrune(jobs, { ...all, latest: 4 })).toEqual({ remove: [], strip: [] });
});

test('young jobs go when there are too many', () => {
  const jobs = ['c', 'b', 'a'].map((id) => job(id, { endedAt: 300 }));
  expect(jobsToPrune(jobs, { ...all, most: 2 }).remove).toEqual(['a']);
});

test('a job that has not ended stays', () => {
  const jobs = [job('b', { status: 'queued' }), job('a', { status: 'running' })];
  expect(jobsToPrune(jobs, { ...all, most: 0 }).remove).toEqual([]);
});

test('a job with a key stays without its outcome, and so does what completes it', () => {
  const jobs = [
    job('d'),
    job('c'),
    job('b', { status: 'interrupted', resumedBy: 'c' as RunId }),
    job('a', { status: 'interrupted', resumedBy: 'b' as RunId, hasKey: true }),
  ];
  expect(jobsToPrune(jobs, all)).toEqual({ remove: ['d'], strip: ['a'] });
});
