import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A Python process that answers requests in order. Disposal ends it. */
export interface PythonChecker extends AsyncDisposable {
  /** @throws Error with the script's traceback if it ends instead of answering */
  ask<Reply>(request: object): Promise<Reply>;
}

/**
 * Starts a script that imports its libraries once, and then answers each line of JSON with one.
 * @param script a file beside this one
 * @param cwd its working folder: MLflow makes a database there
 */
export function startChecker(python: string, script: string, cwd: string): PythonChecker {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(python, [path], { cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'exit');
  let faults = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (faults = (faults + text).slice(-20_000)));
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  const answer = async (request: object): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await lines.next();
    if (line.done !== true) return JSON.parse(line.value) as unknown;
    await ended;
    throw new Error(`${script} ended without an answer:\n${faults}`);
  };
  return {
    ask<Reply>(request: object): Promise<Reply> {
      const answered = last.then(() => answer(request));
      last = answered.catch(() => undefined);
      return answered as Promise<Reply>;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}
