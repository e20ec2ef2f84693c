import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../../kernel/entry.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { sqliteError } from './sqlite-errors.ts';
import type {
  SqliteResponse,
  SqliteJob,
  SqliteRequest,
  SqliteResult,
  SqliteStatement,
} from './sqlite-messages.ts';

/** The thread stores nothing: rows only pass through it. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };
/** Milliseconds to wait for another process's lock. */
const busyTimeout = 5000;

type SuccessfulResponse = Exclude<SqliteResponse, { readonly failure: unknown }>;

interface Waiting {
  readonly resolve: (response: SuccessfulResponse) => void;
  readonly reject: (error: Error) => void;
}

export interface SqliteThreadOptions {
  /** @default false */
  readonly readOnly?: boolean;
  /** The thread has ended, by itself or because it was closed. */
  readonly onEnd?: () => void;
}

/** A connection to a SQLite file in its own thread, so that waits for the disk do not block this one. */
export class SqliteThread implements AsyncDisposable {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #lastRelease: Promise<void> = Promise.resolve();
  #users = 0;
  readonly #onEnd: () => void;
  #ended: Error | undefined;

  private constructor(path: string, onEnd: () => void) {
    this.#path = path;
    this.#onEnd = onEnd;
    const entry = siblingEntry(import.meta.url, './sqlite-worker');
    this.#worker = new Worker(entry.path, { execArgv: [...entry.execArgv], resourceLimits });
    this.#worker.on('message', (response: SqliteResponse) => this.#receive(response));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(undefined));
  }

  /** @throws PlatformError STATE_DAMAGED, STATE_UNWRITABLE, STATE_LOCKED */
  static async open(
    path: string,
    { readOnly = false, onEnd = () => {} }: SqliteThreadOptions = {},
  ): Promise<SqliteThread> {
    const thread = new SqliteThread(path, onEnd);
    try {
      await thread.#request({ kind: 'open', path, busyTimeout, readOnly });
      return thread;
    } catch (error) {
      await thread.#stop();
      throw error;
    }
  }

  /** Runs statements in order, in one round trip, up to the first that fails. */
  async run(statements: readonly SqliteStatement[]): Promise<readonly SqliteResult[]> {
    const response = await this.#request({ kind: 'run', statements });
    return 'results' in response ? response.results : [];
  }

  /** Writes each job as a transaction, all in one round trip. @returns whether each job's conditions held, or its failure */
  async write(jobs: readonly SqliteJob[]): Promise<readonly (boolean | PlatformError)[]> {
    const response = await this.#request({ kind: 'write', jobs });
    const outcomes = 'outcomes' in response ? response.outcomes : [];
    return outcomes.map((outcome) =>
      typeof outcome === 'boolean' ? outcome : sqliteError(outcome, this.#path),
    );
  }

  /** Rolls back an open transaction. */
  async undo(): Promise<void> {
    await this.#request({ kind: 'undo' });
  }

  /** Waits for exclusive use of the connection. @returns a function that releases it */
  async acquire(): Promise<() => void> {
    const before = this.#lastRelease;
    let release = (): void => {};
    this.#lastRelease = new Promise<void>((resolve) => {
      release = () => {
        this.#users -= 1;
        resolve();
      };
    });
    this.#users += 1;
    await before;
    return release;
  }

  /** Whether somebody has the connection or waits for it. */
  get isBusy(): boolean {
    return this.#users > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const release = await this.acquire();
    await this.#stop();
    release();
  }

  async #stop(): Promise<void> {
    if (this.#ended) return;
    const exited = once(this.#worker, 'exit');
    await this.#request({ kind: 'close' });
    await exited;
  }

  #request(request: SqliteRequest): Promise<SuccessfulResponse> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  #receive(response: SqliteResponse): void {
    const waiting = this.#waiting.get(response.id);
    this.#waiting.delete(response.id);
    if ('failure' in response) waiting?.reject(sqliteError(response.failure, this.#path));
    else waiting?.resolve(response);
  }

  #end(cause: unknown): void {
    if (this.#ended) return;
    this.#ended = new PlatformError(
      'INTERNAL',
      { field: 'database', value: this.#path, remedy: 'It is closed: start modelyard again.' },
      { cause },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
    this.#onEnd();
  }
}
