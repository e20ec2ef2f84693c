/** How long a process may take to stop, in milliseconds. Kubernetes kills a pod after 30 s. */
const deadline = 20_000;

/** The process, as far as its signals go. */
interface Signalled {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(code: number): unknown;
}

/**
 * Resolves when the process is told to stop. It then ends within the deadline, whatever is still open: with code 1
 * where stopping in order took too long. A second signal, of either kind, ends it at once.
 */
export function stopSignal(target: Signalled = process): Promise<void> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (): void => {
      if (isStopping) return void target.exit(130);
      isStopping = true;
      setTimeout(() => {
        process.stderr.write(`error: still not stopped after ${deadline / 1000} s; ended anyway\n`);
        target.exit(1);
      }, deadline).unref();
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) target.on(signal, stop);
  });
}

/** How long what was written waits for its reader, in milliseconds. */
const flushTime = 1000;

/** Ends the process after its output was read, or after a second when nobody reads it. */
export async function endProcess(code: number): Promise<never> {
  const flushed = [process.stdout, process.stderr].map(
    (stream) => new Promise<void>((resolve) => stream.write('', () => resolve())),
  );
  const timeout = new Promise<void>((resolve) => setTimeout(resolve, flushTime));
  await Promise.race([Promise.all(flushed), timeout]);
  process.exit(code);
}
