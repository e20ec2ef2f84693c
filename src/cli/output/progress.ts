import type { ServerEvent, TaskView } from '../../api/views.ts';
import { formatCount, formatDuration } from '../../kernel/units.ts';
import { followRuns } from './follow-runs.ts';
import { endText, notRunLines, skippedEnd, type TaskEnd } from './skipped-tasks.ts';
import { paint, type Terminal } from './terminal.ts';

export interface Progress extends Disposable {
  show(event: ServerEvent): void;
}

const barWidth = 20;
const redrawMs = 100;
const startsAfterMs = 400;

/**
 * Shows the progress of a run. A terminal gets one line per task, redrawn while it runs; a log gets one line when a task
 * starts or ends, without control characters.
 */
export function openProgress(terminal: Terminal): Progress {
  if (terminal.quiet) return { show() {}, [Symbol.dispose]() {} };
  return terminal.interactive ? openLive(terminal) : openLines(terminal);
}

/** Shows the progress of `work`: the tasks of the runs that it follows, and of no other run. */
export async function withProgress<Result>(
  source: { onEvent(listener: (event: ServerEvent) => void): () => void },
  terminal: Terminal,
  work: (follow: (run: string) => void) => Promise<Result>,
): Promise<Result> {
  using progress = openProgress(terminal);
  const runs = followRuns((event) => progress.show(event));
  const stop = source.onEvent((event) => runs.show(event));
  try {
    return await work((run) => runs.follow(run));
  } finally {
    stop();
  }
}

function openLines(terminal: Terminal): Progress {
  const tasks = new Map<string, TaskView>();
  const ends = new Map<string, TaskEnd>();
  const starting = new Map<string, NodeJS.Timeout>();
  const print = (line: string): void => terminal.err(`${line}\n`);
  /** A source or a gate that only finds that nothing changed has no line for its start. */
  const printStart = (name: string): void => {
    const timer = setTimeout(() => {
      const task = tasks.get(name);
      if (task) print(taskLine(task, terminal));
    }, startsAfterMs);
    starting.set(name, timer.unref());
  };
  return {
    show(event) {
      if (event.type !== 'task') return;
      const { task: name, status } = event.task;
      const before = tasks.get(name)?.status;
      const end = status === 'skipped' ? skippedEnd(event.task, tasks) : undefined;
      tasks.set(name, event.task);
      if (before === status || status === 'waiting') return;
      clearTimeout(starting.get(name));
      if (end) ends.set(name, end);
      if (status === 'running') printStart(name);
      else if (!end || end.kind === 'stopped') print(taskLine(event.task, terminal, end));
    },
    [Symbol.dispose]() {
      for (const timer of starting.values()) clearTimeout(timer);
      for (const line of notRunLines([...ends.values()])) print(paint(line, 'dim', terminal));
      ends.clear();
    },
  };
}

function openLive(terminal: Terminal): Progress {
  const tasks = new Map<string, TaskView>();
  const ends = new Map<string, TaskEnd>();
  let drawn = 0;
  let ended = false;
  const draw = (): void => {
    const lines = [...tasks.values()].map((task) =>
      clipped(taskLine(task, terminal, ends.get(task.task)), terminal.columns),
    );
    terminal.err(
      `${drawn > 0 ? `\u001B[${drawn}A` : ''}${lines.map((line) => `\u001B[2K${line}\n`).join('')}`,
    );
    drawn = lines.length;
  };
  const timer = setInterval(() => tasks.size > 0 && draw(), redrawMs);
  return {
    show(event) {
      if (event.type !== 'task') return;
      const { task: name, status } = event.task;
      if (status !== 'skipped') ends.delete(name);
      else if (!ends.has(name)) ends.set(name, skippedEnd(event.task, tasks));
      tasks.set(name, event.task);
    },
    [Symbol.dispose]() {
      if (ended) return;
      ended = true;
      clearInterval(timer);
      if (tasks.size > 0) draw();
    },
  };
}

/** '  innings            done    48,210 rows    1.2 s' */
function taskLine(task: TaskView, terminal: Terminal, end?: TaskEnd): string {
  const name = task.task.padEnd(22);
  const took =
    task.startedAt !== null && task.endedAt !== null ? formatDuration(task.endedAt - task.startedAt) : '';
  switch (task.status) {
    case 'waiting':
      return paint(`  ${name} waits`, 'dim', terminal);
    case 'running':
      return `${paint('▸', 'cyan', terminal)} ${name} ${running(task, terminal)}`;
    case 'hit':
      return `${paint('=', 'dim', terminal)} ${name} ${paint(join('cached', task.summary), 'dim', terminal)}`;
    case 'done':
      return `${paint('✓', 'green', terminal)} ${name} ${join(task.summary ?? 'done', took)}`;
    case 'failed':
      return `${paint('✗', 'red', terminal)} ${name} ${paint(join('failed', took), 'red', terminal)}`;
    case 'skipped':
      return paint(`- ${name} ${end ? endText(end) : 'not run'}`, 'dim', terminal);
  }
}

function running({ progress }: TaskView, terminal: Terminal): string {
  if (!progress) return 'runs';
  const what = progress.what ? ` ${progress.what}` : '';
  if (progress.total === undefined) return `${formatCount(progress.done)}${what}`;
  const filled = Math.round(
    (barWidth * Math.min(progress.done, progress.total)) / Math.max(1, progress.total),
  );
  const bar = terminal.interactive ? `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ` : '';
  return `${bar}${formatCount(progress.done)} of ${formatCount(progress.total)}${what}`;
}

function join(...parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(', ');
}

const colours = new RegExp(`(${String.raw`\u001B\[\d+m`})`);

/** Control sequences take no room: a line is cut by the letters that are seen. */
function clipped(line: string, columns: number): string {
  let seen = 0;
  let kept = '';
  for (const part of line.split(colours)) {
    if (part.startsWith('\u001B')) kept += part;
    else {
      kept += part.slice(0, Math.max(0, columns - 1 - seen));
      seen += part.length;
    }
  }
  return kept;
}
