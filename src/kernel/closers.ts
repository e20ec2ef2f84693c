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
      for (let close = closers.pop(); close; close = closers.pop())
        await close().then(undefined, (error: unknown) => errors.push(error));
      if (errors.length > 0) throw errors[0];
    },
  };
}
