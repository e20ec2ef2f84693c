import type { TaskView } from '../../api/views.ts';

/** Why a task has no result: it was stopped while it ran, or it never started. */
export type TaskEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'not run'; readonly failed: string | undefined };

/** @param before the tasks of the run as they were before this one was skipped */
export function skippedEnd(task: TaskView, before: ReadonlyMap<string, TaskView>): TaskEnd {
  if (before.get(task.task)?.status === 'running') return { kind: 'stopped' };
  return { kind: 'not run', failed: failedNeed(task, before) };
}

function failedNeed({ needs }: TaskView, tasks: ReadonlyMap<string, TaskView>): string | undefined {
  for (const name of needs) {
    const need = tasks.get(name);
    if (need?.status === 'failed') return name;
    const failed = need?.status === 'skipped' ? failedNeed(need, tasks) : undefined;
    if (failed !== undefined) return failed;
  }
  return undefined;
}

export function endText(end: TaskEnd): string {
  return end.kind === 'stopped' ? 'stopped' : `not run: ${reasonOf(end.failed)}`;
}

/** '- 6 tasks not run: the run was stopped', a line for each reason. */
export function notRunLines(ends: readonly TaskEnd[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const end of ends) {
    if (end.kind === 'stopped') continue;
    const reason = reasonOf(end.failed);
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(
    ([reason, count]) => `- ${count} ${count === 1 ? 'task' : 'tasks'} not run: ${reason}`,
  );
}

function reasonOf(failed: string | undefined): string {
  return failed === undefined ? 'the run was stopped' : `${failed} failed`;
}
