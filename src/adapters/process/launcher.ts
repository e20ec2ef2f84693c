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

/** Runs each task in a Node process of its own; what it prints becomes lines of its log. */
export function openProcessLauncher({ entry, env, ...folders }: ProcessLauncherOptions): Launcher {
  return {
    async launch(spec, { onEvent, signal }) {
      signal.throwIfAborted();
      const child = fork(entry.path, [], {
        execArgv: ['--enable-source-maps', ...entry.execArgv],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        serialization: 'advanced',
        env,
      });
      const stop = (): void => void child.kill('SIGKILL');
      signal.addEventListener('abort', stop, { once: true });
      const lines = [child.stdout, child.stderr].map((stream) =>
        logLines(stream, (line) => onEvent({ type: 'log', line })),
      );
      try {
        const result = await answerOf(child, { spec, ...folders }, (reply) => onEvent(reply.event));
        await Promise.all(lines);
        return result;
      } finally {
        signal.removeEventListener('abort', stop);
        stop();
      }
    },
  };
}

function answerOf(
  child: ChildProcess,
  order: TaskOrder,
  onEvent: (reply: Extract<TaskReply, { type: 'event' }>) => void,
): Promise<TaskResult> {
  return new Promise((resolve, reject) => {
    child.on('message', (reply: TaskReply) => {
      if (reply.type === 'event') onEvent(reply);
      else if (reply.type === 'result') resolve(reply.result);
      else reject(platformError(reply.error));
    });
    child.once('error', reject);
    child.once('exit', (code, killedBy) => reject(endedEarly(order.spec.task, code, killedBy)));
    child.send(order, (error) => error && reject(error));
  });
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
