import type { ReactNode } from 'react';
import { formatDuration, type RunView, type TaskView } from '../../../src/client/index.ts';
import { StatusMark } from '../project/task-node.tsx';
import { formatProgress, statusText } from '../project/format-task.ts';
import { Card } from '../shell/parts.tsx';
import { useNow } from '../text/times.tsx';

/** The tasks on the time line of the run, with duration and result. */
export function Tasks({ run }: { readonly run: RunView }): ReactNode {
  const now = useNow(run.endedAt === null ? 500 : 60_000);
  const end = run.endedAt ?? Math.max(now, run.startedAt + 1000);
  return (
    <Card title="Tasks">
      <ul className="timeline">
        {run.tasks.map((task) => (
          <TaskRow key={task.task} task={task} from={run.startedAt} to={end} />
        ))}
      </ul>
    </Card>
  );
}

interface TaskRowProps {
  readonly task: TaskView;
  /** The time that the row spans. */
  readonly from: number;
  readonly to: number;
}

function TaskRow({ task, from, to }: TaskRowProps): ReactNode {
  const { startedAt, endedAt, status } = task;
  const ran = startedAt !== null && status !== 'hit';
  const begin = ran ? Math.max(0, (startedAt - from) / (to - from)) : 0;
  const length = ran ? Math.min(1 - begin, ((endedAt ?? to) - startedAt) / (to - from)) : 0;
  return (
    <li className={status}>
      <StatusMark status={status} />
      <span className="what" title={task.task}>
        {task.task}
      </span>
      <span className="span" aria-hidden="true">
        {ran && <i style={{ left: `${begin * 100}%`, width: `max(3px, ${length * 100}%)` }} />}
      </span>
      <span className="amount">
        {ran ? formatDuration(Math.max(0, (endedAt ?? to) - startedAt)) : statusText[status]}
      </span>
      <TaskSummary task={task} />
    </li>
  );
}

function TaskSummary({ task }: { readonly task: TaskView }): ReactNode {
  if (task.error) return <span className="words bad-word">{task.error.message}</span>;
  const text = task.status === 'running' && task.progress ? formatProgress(task.progress) : task.summary;
  return text === null ? null : <span className="words">{text}</span>;
}
