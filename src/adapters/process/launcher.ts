import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { drainOutput } from '../../kernel/drain-output.ts';
import type { Entry } from '../../kernel/entry.ts';
import { PlatformError, platformError } from '../../kernel/errors.ts';
import { killGroup } from '../../kernel/kill-group.ts';
import type { TaskOrder, TaskReply } from '../../pipeline/messages.ts';
import type { Launcher } from '../../pipeline/ports.ts';
import type { TaskResult } from '../../pipeline/task.ts';

export interface ProcessLauncherOptions extends Omit<TaskOrder, 'spec'> {
  /** The module that runs one task. */
  readonly entry: Entry;
  /** The environment of the processes. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs each task in its own Node process; its output becomes lines of the log. When it has replied, ended or is aborted, it
 * and every process that it started are killed.
 */
export function openProcessLauncher({ entry, env, ...folders }: ProcessLauncherOptions): Launcher {
  return {
    async launch(spec, { onEvent, signal }) {
      signal.throwIfAborted();
      // A process that is killed leaves its temporary files.
      const temporary = await mkdtemp(join(tmpdir(), 'modelyard-task-'));
      let child: ChildProcess;
      try {
        child = start(entry, { ...env, TMPDIR: temporary, TEMP: temporary, TMP: temporary });
      } catch (error) {
        await remove(temporary);
        throw error;
      }
      const stop = (): void => killGroup(child);
      signal.addEventListener('abort', stop, { once: true });
      // Aborted while the folder was made.
      if (signal.aborted) stop();
      const streams = [child.stdout, child.stderr];
      const exited = new Promise<void>((resolve) =>
        child.once('exit', () => resolve()).once('error', () => resolve()),
      );
      const lines = streams.map((stream) => logLines(stream, (line) => onEvent({ type: 'log', line })));
      try {
        return await replyOf(child, { spec, ...folders }, (reply) => onEvent(reply.event));
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
        await exited;
        await drainOutput(lines, streams);
        await remove(temporary);
      }
    },
  };
}

function start({ path, execArgv }: Entry, env: ProcessLauncherOptions['env']): ChildProcess {
  return fork(path, [], {
    execArgv: ['--enable-source-maps', ...execArgv],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    // It leads its own group, so that Ctrl-C in the terminal only reaches us, and we stop it.
    detached: true,
    env,
  });
}

/** A process outside the group may still write there, which must not replace the result or the error of the task. */
async function remove(temporary: string): Promise<void> {
  await rm(temporary, { recursive: true, force: true, maxRetries: 5 }).catch(() => {});
}

function replyOf(
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
    // If the process has ended before it got its order, 'exit' reports it.
    child.send(order, () => {});
  });
}

function notStarted(task: string, cause: Error): PlatformError {
  const remedy = 'Its process could not be started: check whether the machine has memory and processes left.';
  return new PlatformError('STEP_FAILED', { field: task, value: cause.message, remedy }, { cause });
}

/** Too late if the process has replied already: a promise settles once. */
function endedEarly(task: string, code: number | null, killedBy: string | null): PlatformError {
  return new PlatformError('STEP_FAILED', {
    field: task,
    value: killedBy ?? `exit code ${code}`,
    remedy:
      killedBy === 'SIGKILL'
        ? 'Its process was killed: by a person, a stop of the run, or the system when memory ran out. Run it again.'
        : 'Its process ended without a result; see the log of the step.',
  });
}

async function logLines(stream: Readable | null, onLine: (line: string) => void): Promise<void> {
  if (stream) for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) onLine(line);
}
