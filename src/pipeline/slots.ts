export interface Slots {
  /** Waits for a free slot, first come first served; it is free again when the taken one is disposed of. */
  take(): Promise<Disposable>;
}

/** At most `count` holders at a time. */
export function openSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  const release = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return {
    async take() {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      return { [Symbol.dispose]: release };
    },
  };
}
