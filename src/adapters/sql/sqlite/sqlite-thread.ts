import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../../kernel/entry.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { sqliteError } from './sqlite-errors.ts';
import type {
  SqliteAnswer,
  SqliteJob,
  SqliteRequest,
  SqliteResult,
  SqliteStatement,
} from './sqlite-messages.ts';

/** The thread keeps nothing: rows pass through it. */
const resourceLimits = { maxYoungGenerationSizeMb: 8 };
/** How long another process's lock is waited for. */
const busyTimeout = 5000;

type Answered = Exclude<SqliteAnswer, { readonly failure: unknown }>;

interface Waiting {
  readonly resolve: (answer: Answered) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to a SQLite file in a thread of its own, so that no wait for the disk stops this one. */
export class SqliteThread implements AsyncDisposable {
  readonly #path: string;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #lastTurn: Promise<void> = Promise.resolve();
  #ended: Error | undefined;

  private constructor(path: string) {
    this.#path = path;
    const entry = siblingEntry(import.meta.url, './sqlite-worker');
    this.#worker = new Worker(entry.path, { execArgv: [...entry.execArgv], resourceLimits });
    this.#worker.on('message', (answer: SqliteAnswer) => this.#take(answer));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => this.#end(undefined));
  }

  /** @throws PlatformError STATE_DAMAGED, STATE_UNWRITABLE, STATE_LOCKED */
  static async open(path: string, { readOnly = false } = {}): Promise<SqliteThread> {
    const thread = new SqliteThread(path);
    try {
      await thread.#ask({ kind: 'open', path, busyTimeout, readOnly });
      return thread;
    } catch (error) {
      await thread.#stop();
      throw error;
    }
  }

  /** Runs statements in their order, in one trip. The first that fails ends the list. */
  async run(statements: readonly SqliteStatement[]): Promise<readonly SqliteResult[]> {
    const answer = await this.#ask({ kind: 'run', statements });
    return 'results' in answer ? answer.results : [];
  }

  /** Writes jobs in one trip, each as a transaction of its own. @returns whether each went ahead, or why it could not */
  async write(jobs: readonly SqliteJob[]): Promise<readonly (boolean | PlatformError)[]> {
    const answer = await this.#ask({ kind: 'write', jobs });
    const outcomes = 'outcomes' in answer ? answer.outcomes : [];
    return outcomes.map((outcome) =>
      typeof outcome === 'boolean' ? outcome : sqliteError(outcome, this.#path),
    );
  }

  /** Rolls back, where a transaction is open. */
  async undo(): Promise<void> {
    await this.#ask({ kind: 'undo' });
  }

  /** Waits until nobody else has the connection. @returns gives it back */
  async takeTurn(): Promise<() => void> {
    const before = this.#lastTurn;
    let giveBack = (): void => {};
    this.#lastTurn = new Promise<void>((resolve) => {
      giveBack = resolve;
    });
    await before;
    return giveBack;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const giveBack = await this.takeTurn();
    await this.#stop();
    giveBack();
  }

  async #stop(): Promise<void> {
    if (this.#ended) return;
    const exited = once(this.#worker, 'exit');
    await this.#ask({ kind: 'close' });
    await exited;
  }

  #ask(request: SqliteRequest): Promise<Answered> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request });
    });
  }

  #take(answer: SqliteAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if ('failure' in answer) waiting?.reject(sqliteError(answer.failure, this.#path));
    else waiting?.resolve(answer);
  }

  #end(cause: unknown): void {
    this.#ended ??= new PlatformError(
      'INTERNAL',
      { field: 'database', value: this.#path, remedy: 'It is closed: start modelyard again.' },
      { cause },
    );
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}
