/** What was opened, to be closed in the opposite order; what cannot be closed does not keep the rest from it. */
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

/** Opens several things that close together; when opening fails midway, what was open is closed. */
export async function closingOnError<Opened>(open: (closers: Closers) => Promise<Opened>): Promise<Opened> {
  const closers = openClosers();
  try {
    return await open(closers);
  } catch (error) {
    await closers[Symbol.asyncDispose]();
    throw error;
  }
}
