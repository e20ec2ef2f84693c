export interface Semaphore {
  /** Waits for a permit, first come, first served. Dispose of the permit to release it. */
  acquire(): Promise<Disposable>;
}

/** Allows at most `permits` holders at a time. */
export function openSemaphore(permits: number): Semaphore {
  let free = permits;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    async acquire() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return { [Symbol.dispose]: release };
    },
  };
}
