import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Entry } from '../../kernel/entry.ts';
import { PlatformError, platformError } from '../../kernel/errors.ts';
import type { TaskOrder, TaskReply } from '../../pipeline/messages.ts';
import type { Launcher } from '../../pipeline/ports.ts';
import type { TaskResult } from '../../pipeline/task.ts';

export interface ProcessLauncherOptions extends Omit<TaskOrder, 'spec'> {
  /** The module that carries out one task. */
  readonly entry: Entry;
  /** What the processes see of the environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs each task in a Node process of its own; what it prints becomes lines of its log. When it has answered, ended or is
 * aborted, it goes with every process that it started.
 */
export function openProcessLauncher({ entry, env, ...folders }: ProcessLauncherOptions): Launcher {
  return {
    async launch(spec, { onEvent, signal }) {
      signal.throwIfAborted();
      const child = fork(entry.path, [], {
        execArgv: ['--enable-source-maps', ...entry.execArgv],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        serialization: 'advanced',
        detached: true,
        env,
      });
      const stop = (): void => killGroup(child);
      signal.addEventListener('abort', stop, { once: true });
      const lines = [child.stdout, child.stderr].map((stream) =>
        logLines(stream, (line) => onEvent({ type: 'log', line })),
      );
      try {
        return await answerOf(child, { spec, ...folders }, (reply) => onEvent(reply.event));
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
        await Promise.all(lines);
      }
    },
  };
}

/** The process is the leader of a group of its own: a Ctrl-C in the terminal is for us alone, who then stop it. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has gone by itself.
  }
}

function answerOf(
  child: ChildProcess,
  order: TaskOrder,
  onEvent: (reply: Extract<TaskReply, { type: 'event' }>) => void,
): Promise<TaskResult> {
  const { task } = order.spec;
  return new Promise((resolve, reject) => {
    child.on('message', (reply: TaskReply) => {
      if (reply.type === 'event') onEvent(reply);
      else if (reply.type === 'result') resolve(reply.result);
      else reject(platformError(reply.error));
    });
    child.once('error', (cause) => child.pid === undefined && reject(notStarted(task, cause)));
    child.once('exit', (code, killedBy) => reject(endedEarly(task, code, killedBy)));
    // A process that has ended before it was told what to do is told of by 'exit'.
    child.send(order, () => {});
  });
}

function notStarted(task: string, cause: Error): PlatformError {
  const remedy = 'Its process could not be started: see whether the machine has memory and processes left.';
  return new PlatformError('STEP_FAILED', { field: task, value: cause.message, remedy }, { cause });
}

/** Too late when the process has answered already: a promise settles once. */
function endedEarly(task: string, code: number | null, killedBy: string | null): PlatformError {
  return new PlatformError('STEP_FAILED', {
    field: task,
    value: killedBy ?? `exit code ${code}`,
    remedy:
      killedBy === 'SIGKILL'
        ? 'Its process was killed: by a person, a stop of the run, or the system when memory ran out. Run it again.'
        : 'Its process ended without an answer; the log of the step says more.',
  });
}

async function logLines(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (stream) for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}
