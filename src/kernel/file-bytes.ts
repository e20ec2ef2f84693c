import { createReadStream } from 'node:fs';

/** Which bytes: from `start` to `end`, without the one at `end`. */
interface Part {
  readonly start?: number;
  /** @default the file's end */
  readonly end?: number;
}

/**
 * The bytes of a file in pieces of 256 kB. The file is opened when the first piece is asked for: a stream that is opened before
 * fails while nobody listens, and that ends the process.
 * @throws the error of the system, while it is read
 */
export async function* fileBytes(path: string, { start = 0, end }: Part = {}): AsyncGenerator<Uint8Array> {
  if (end !== undefined && end <= start) return;
  const last = end === undefined ? {} : { end: end - 1 };
  yield* createReadStream(path, { start, ...last, highWaterMark: 1 << 18 }) as AsyncIterable<Uint8Array>;
}
