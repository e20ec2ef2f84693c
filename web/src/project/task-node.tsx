import type { ReactNode } from 'react';
import type { TaskStatus, TaskView } from '../../../src/client/index.ts';
import { useNow } from '../text/times.tsx';
import { stateLine, statusText } from './format-task.ts';

interface TaskNodeProps {
  readonly task: TaskView;
  readonly open: boolean;
  readonly onOpen: (task: string) => void;
}

/** A task in the graph, with its status and progress. */
export function TaskNode({ task, open, onOpen }: TaskNodeProps): ReactNode {
  const { status, progress, summary, declared } = task;
  const done = progress?.total ? progress.done / progress.total : undefined;
  return (
    <button
      type="button"
      className={`task ${status}`}
      aria-pressed={open}
      title={[task.task, `${declared.kind} ${declared.name}`, summary].filter(Boolean).join('\n')}
      data-task={task.task}
      data-status={status}
      onClick={() => onOpen(task.task)}
    >
      <span className="task-name">
        <StatusMark status={status} />
        <span className="for-screen-readers">
          {task.task}, {statusText[status]}:{' '}
        </span>
        <b>{task.label}</b>{' '}
      </span>
      <span className="task-state">
        {status === 'running' ? <RunningLine task={task} /> : stateLine(task, 0)}
      </span>
      {status === 'running' && (
        <span className={done === undefined ? 'task-progress unknown' : 'task-progress'} aria-hidden="true">
          <i style={{ width: `${(done ?? 0.3) * 100}%` }} />
        </span>
      )}
    </button>
  );
}

function RunningLine({ task }: { readonly task: TaskView }): ReactNode {
  return stateLine(task, useNow(200));
}

const marks: Readonly<Record<TaskStatus, ReactNode>> = {
  waiting: <circle cx="7" cy="7" r="4.5" />,
  running: <path d="M7 1.8a5.2 5.2 0 1 1-5.2 5.2" className="turning" />,
  hit: <path d="M2.5 5h9M2.5 9h9" />,
  done: <path d="M2.5 7.5l3 3 6-7" />,
  failed: <path d="M3 3l8 8M11 3l-8 8" />,
  skipped: <path d="M3 7h8" />,
};

/** A shape for each status, for readers who do not see colours. */
export function StatusMark({ status }: { readonly status: TaskStatus }): ReactNode {
  return (
    <svg className={`mark ${status}`} width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
      {marks[status]}
    </svg>
  );
}
