import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ErrorBody, PlatformError, platformError } from '../../kernel/errors.ts';
import { type Child, type Env, startChild } from './child.ts';
import { openQueue, type QueueLimits } from './bounded-queue.ts';
import { modelEnv, pythonFlags } from './child-env.ts';
import { type Frame, framesOf, sendFrame } from './frames.ts';

export interface RunnerOptions {
  /** The Python of the model's environment. */
  readonly python: string;
  /** The environment of this process; credentials are left out. */
  readonly env: Env;
  readonly scripts: string;
  /** The model's folder. */
  readonly model: string;
  /** What it is asked for. @default 'predictions' */
  readonly as?: 'predictions' | 'forecasts';
  /** In milliseconds. */
  readonly timeouts: { readonly load: number; readonly predict: number };
  readonly queue: QueueLimits;
}

/** One process with a loaded model. It replies to one request at a time. */
export interface RunnerProcess {
  /** The first message. */
  readonly loaded: Frame['header'];
  readonly pid: number | undefined;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  /** @throws RunnerEnded if the process ends first; PlatformError of the model, MODEL_TIMED_OUT or MODEL_BUSY */
  request(header: object, body: Uint8Array): Promise<Frame>;
  stop(): Promise<void>;
}

/** The process ended before it replied. */
export class RunnerEnded extends Error {
  override readonly name: string = 'RunnerEnded';
}

/** Starts the process and waits until it has loaded the model. @throws PlatformError MODEL_UNSUPPORTED */
export async function startRunner({
  python,
  env,
  scripts,
  model,
  as = 'predictions',
  timeouts,
  queue: limits,
}: RunnerOptions): Promise<RunnerProcess> {
  // A short path: a Unix socket allows about a hundred characters.
  const folder = await mkdtemp(join(tmpdir(), 'mdy-'));
  const load: Limit = { what: 'load', milliseconds: timeouts.load };
  const predict: Limit = { what: 'predict', milliseconds: timeouts.predict };
  const userFolder = join(folder, 'user');
  await mkdir(userFolder);
  const server = createServer();
  const connected = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const address = join(folder, 's');
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(address, resolve));
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const child = startChild(python, [...pythonFlags, join(scripts, 'runner.py'), address, model, as], {
    env: modelEnv(env, userFolder),
    cwd: userFolder,
  });
  const ended = child.ended.then(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  try {
    const socket = await within(load, Promise.race([connected, endedEarly(child)]), child);
    server.close();
    // Without a listener, an error of a socket that is not read would end this process.
    socket.on('error', () => {});
    const frames = framesOf(socket);
    const next = async (): Promise<Frame> => {
      const { value, done } = await frames.next().catch(() => ({ value: undefined, done: true as const }));
      if (done || value === undefined) throw new RunnerEnded('the process of the model ended');
      const error = value.header['error'] as ErrorBody | undefined;
      if (error) throw platformError(error);
      return value;
    };
    const first = next().catch(async (error: unknown) => {
      throw error instanceof RunnerEnded ? await endedEarly(child) : error;
    });
    const { header: loaded } = await within(load, first, child);
    // An idle model does not keep this process alive.
    child.unref();
    socket.unref();
    const queue = openQueue(limits);
    return {
      loaded,
      pid: child.process.pid,
      ended,
      request(header, body) {
        return queue.run(async () => {
          socket.ref();
          try {
            sendFrame(socket, header, body);
            return await within(predict, next(), child);
          } finally {
            socket.unref();
          }
        });
      },
      async stop() {
        // Node would exit before the process has ended and its folder is removed.
        child.ref();
        child.kill();
        await ended;
      },
    };
  } catch (error) {
    child.kill();
    await ended;
    throw error;
  }
}

/** Rejects when the process has ended, with its last lines. */
async function endedEarly({ ended }: Child): Promise<never> {
  const { fault, lastLines } = await ended;
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'Python model',
    value: fault ?? 'exit code 0',
    remedy: `Its process ended while it loaded the model. Its last lines:\n${lastLines.join('\n')}`,
  });
}

interface Limit {
  readonly what: string;
  readonly milliseconds: number;
}

/** A process that does not reply in time is killed, so that the next one can. */
async function within<Value>(
  { what, milliseconds }: Limit,
  work: Promise<Value>,
  child: Child,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(
        new PlatformError('MODEL_TIMED_OUT', {
          field: `${what} of the Python model`,
          value: milliseconds,
          remedy: `It took longer than ${milliseconds / 1000} s and was stopped.`,
        }),
      );
      child.kill();
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
