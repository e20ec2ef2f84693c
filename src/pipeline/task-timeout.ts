import { PlatformError } from '../kernel/errors.ts';
import { formatDuration } from '../kernel/units.ts';
import type { Task } from './task.ts';

/** A timer cannot wait longer, about 24 days. */
const longest = 2 ** 31 - 1;

/**
 * Runs a task with a signal that is aborted at its timeout, or when `signal` is.
 * @throws PlatformError TASK_TIMED_OUT; what the work throws
 */
export async function withTimeout<Result>(
  { name, limits: { timeout } }: Pick<Task, 'name' | 'limits'>,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  if (timeout === undefined) return work(signal);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), Math.min(timeout, longest));
  try {
    return await work(AbortSignal.any([signal, late.signal]));
  } catch (cause) {
    if (!late.signal.aborted || signal.aborted) throw cause;
    const remedy = 'Its process was killed at its timeout. Make it faster, or raise the timeout.';
    throw new PlatformError(
      'TASK_TIMED_OUT',
      { field: name, value: formatDuration(timeout), remedy },
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}
