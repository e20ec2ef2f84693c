import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { formatDuration, type TaskView } from '../../../src/client/index.ts';
import { ErrorNote } from '../shell/parts.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';
import { Ago, useNow } from '../text/times.tsx';
import { StatusMark } from './task-node.tsx';
import { formatProgress, statusText } from './format-task.ts';

interface TaskPanelProps {
  readonly task: TaskView;
  readonly tasks: readonly TaskView[];
  readonly lines: readonly string[];
  /** Another task to look at; undefined closes the panel. */
  readonly onOpen: (task: string | undefined) => void;
}

/** The details of a task. Escape closes the panel and returns the focus to the task in the graph. */
export function TaskPanel({ task, tasks, lines, onOpen }: TaskPanelProps): ReactNode {
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    panel.current?.focus({ preventScroll: true });
    boxOf(task.task)?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [task.task]);
  const close = (): void => {
    boxOf(task.task)?.focus();
    onOpen(undefined);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- Escape leaves the panel from anywhere in it
    <aside className="panel" ref={panel} tabIndex={-1} aria-label={`Task ${task.task}`} onKeyDown={onKeyDown}>
      <header>
        <StatusMark status={task.status} />
        <h3>{task.task}</h3>
        <button type="button" className="quiet" onClick={close}>
          Close
        </button>
      </header>
      <p className="muted">{task.description ?? `Runs ${task.operation}.`}</p>
      {task.error && <ErrorNote error={task.error} />}
      <Facts task={task} />
      <Neighbours title="Reads from" names={task.needs} onOpen={onOpen} />
      <Neighbours
        title="Read by"
        names={tasks.filter(({ needs }) => needs.includes(task.task)).map((other) => other.task)}
        onOpen={onOpen}
      />
      <LogLines task={task.task} lines={lines} status={task.status} />
    </aside>
  );
}

function boxOf(task: string): HTMLElement | null {
  return document.querySelector(`[data-task="${CSS.escape(task)}"]`);
}

function Facts({ task }: { readonly task: TaskView }): ReactNode {
  const { startedAt, endedAt, progress, summary, declared } = task;
  const now = useNow(1000);
  const took = startedAt === null ? undefined : (endedAt ?? now) - startedAt;
  return (
    <dl className="facts">
      <dt>State</dt>
      <dd>{task.status === 'hit' ? 'unchanged, so its last result is used' : statusText[task.status]}</dd>
      {progress && task.status === 'running' && (
        <>
          <dt>Progress</dt>
          <dd>{formatProgress(progress)}</dd>
        </>
      )}
      {summary !== null && (
        <>
          <dt>Result</dt>
          <dd>{summary}</dd>
        </>
      )}
      {startedAt !== null && (
        <>
          <dt>Started</dt>
          <dd>
            <Ago at={startedAt} />
          </dd>
        </>
      )}
      {took !== undefined && (
        <>
          <dt>{endedAt === null ? 'So far' : 'Took'}</dt>
          <dd>{formatDuration(Math.max(0, took))}</dd>
        </>
      )}
      <dt>Declared</dt>
      <dd>
        {declared.kind} <code>{declared.name}</code>
      </dd>
    </dl>
  );
}

interface NeighboursProps {
  readonly title: string;
  readonly names: readonly string[];
  readonly onOpen: (task: string) => void;
}

function Neighbours({ title, names, onOpen }: NeighboursProps): ReactNode {
  if (names.length === 0) return null;
  return (
    <div className="neighbours">
      <span className="faint">{title}</span>
      {names.map((name) => (
        <button key={name} type="button" className="chip" onClick={() => onOpen(name)}>
          {name}
        </button>
      ))}
    </div>
  );
}

function LogLines({
  task,
  lines,
  status,
}: {
  readonly task: string;
  readonly lines: readonly string[];
  readonly status: TaskView['status'];
}): ReactNode {
  const box = useRef<HTMLPreElement>(null);
  useEffect(() => {
    const element = box.current?.parentElement;
    if (!element || lines.length === 0) return;
    // Someone who scrolled up to read a line stays there.
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < 120;
    if (atEnd) element.scrollTop = element.scrollHeight;
  }, [lines]);
  if (lines.length === 0) {
    return status === 'running' ? (
      <p className="faint">It has not written a line since this page was opened.</p>
    ) : null;
  }
  return (
    <div className="log">
      <span className="faint">Log, since this page was opened</span>
      <ScrollArea label={`Log of ${task}`}>
        <pre ref={box}>{lines.join('\n')}</pre>
      </ScrollArea>
    </div>
  );
}
