import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ProjectView, RunRow, RunView, ServerEvent, TaskView } from '../../../src/client/index.ts';
import { jobQuery, client, projectQuery, type RunPages, runQuery, runsQuery } from '../queries.ts';

const togetherMs = 80;
const linesKept = 500;

/** The lines that each task wrote since the page was opened or the run began. */
export type Logs = ReadonlyMap<string, readonly string[]>;

/** Updates the page's queries from the events of a project. @returns the logs received so far */
export function useLive(project: string): Logs {
  const queries = useQueryClient();
  const [logs, setLogs] = useState<Logs>(new Map());
  useEffect(() => {
    let waiting: ServerEvent[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = (): void => {
      const events = waiting;
      waiting = [];
      timer = undefined;
      for (const event of events) apply(queries, event);
      setLogs((before) => withEvents(before, events));
    };
    // A busy run sends hundreds of events a second: they are applied together.
    const subscription = client.events(project, (event) => {
      waiting.push(event);
      timer ??= setTimeout(flush, togetherMs);
    });
    return () => {
      clearTimeout(timer);
      subscription.close();
    };
  }, [project, queries]);
  return logs;
}

/** Adds events to the logs; a task that waits again loses its earlier lines. */
export function withEvents(logs: Logs, events: readonly ServerEvent[]): Logs {
  let next = logs;
  for (const event of events) {
    if (event.type === 'task' && event.task.status === 'waiting' && next.has(event.task.task)) {
      next = new Map([...next].filter(([task]) => task !== event.task.task));
    }
    if (event.type !== 'log') continue;
    const lines = [...(next.get(event.task) ?? []), event.line].slice(-linesKept);
    next = new Map([...next, [event.task, lines]]);
  }
  return next;
}

function apply(queries: QueryClient, event: ServerEvent): void {
  const { project } = event;
  switch (event.type) {
    case 'task':
      queries.setQueryData(projectQuery(project).queryKey, (view) => view && withTask(view, event.task));
      queries.setQueriesData<RunView>({ queryKey: ['run'] }, (view) =>
        view?.project === project && view.status === 'RUNNING' ? withTask(view, event.task) : view,
      );
      return;
    case 'run':
      return applyRun(queries, event.run);
    case 'job':
      queries.setQueryData(jobQuery(event.job.id).queryKey, event.job);
      return;
    case 'alias':
    case 'project':
      void queries.invalidateQueries({ queryKey: projectQuery(project).queryKey });
      void queries.invalidateQueries({ queryKey: runsQuery(project).queryKey });
      return;
    case 'log':
      return;
  }
}

function applyRun(queries: QueryClient, run: RunRow): void {
  const key = projectQuery(run.project).queryKey;
  const running = run.status === 'RUNNING';
  const isNew = queries.getQueryData(key)?.activeRun?.id !== run.id;
  queries.setQueryData(key, (view) => view && { ...view, activeRun: running ? run : null });
  queries.setQueryData(runsQuery(run.project).queryKey, (data) => data && withRun(data, run));
  if (running && !isNew) return;
  void queries.invalidateQueries({ queryKey: key });
  void queries.invalidateQueries({ queryKey: runQuery(run.id).queryKey });
}

function withTask<View extends Pick<ProjectView, 'tasks'>>(view: View, task: TaskView): View {
  return { ...view, tasks: view.tasks.map((other) => (other.task === task.task ? task : other)) };
}

/** Replaces the run in the list, or puts it first. */
export function withRun(data: RunPages, run: RunRow): RunPages {
  const isListed = data.pages.some((page) => page.runs.some(({ id }) => id === run.id));
  const pages = data.pages.map((page, index) => ({
    ...page,
    runs: isListed
      ? page.runs.map((row) => (row.id === run.id ? run : row))
      : [...(index === 0 ? [run] : []), ...page.runs],
  }));
  return { ...data, pages };
}
