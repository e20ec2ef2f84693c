/** Closes what was opened, in the opposite order. If one fails, the others are still closed. */
export interface Closers extends AsyncDisposable {
  add<Opened extends AsyncDisposable>(opened: Opened): Opened;
  defer(close: () => Promise<void>): void;
}

export function openClosers(): Closers {
  const closers: (() => PromiseLike<void>)[] = [];
  return {
    add(opened) {
      closers.push(() => opened[Symbol.asyncDispose]());
      return opened;
    },
    defer: (close) => void closers.push(close),
    async [Symbol.asyncDispose]() {
      const errors: unknown[] = [];
      for (let close = closers.pop(); close; close = closers.pop()) {
        try {
          await close();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}

/** Opens several things that close together; if one fails to open, those already open are closed. */
export async function closingOnError<Opened>(open: (closers: Closers) => Promise<Opened>): Promise<Opened> {
  const closers = openClosers();
  try {
    return await open(closers);
  } catch (error) {
    await closers[Symbol.asyncDispose]();
    throw error;
  }
}
