import { type FileHandle, open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { predictionTime, type PredictionId } from '../../kernel/ids.ts';
import type { PredictionRecord } from '../../serving/prediction-log.ts';
import { privateFile, syncFolder } from './durable.ts';
import { findLine, lastId, recordsWithPrefix } from './prediction-line.ts';

/** A record may be older than its predecessor in a segment by this much, in milliseconds. */
const outOfOrder = 1000;
const tailBytes = 64_000;
const extension = '.jsonl';

interface OpenSegment {
  readonly name: string;
  readonly file: FileHandle;
  size: number;
  /** The latest time of the segment. */
  until: number;
}

/** A line and the prediction it records. */
export interface RecordLine {
  readonly id: PredictionId;
  readonly line: string;
}

/**
 * The files of a prediction log: JSON lines, each file named by its first prediction. Times in a file only increase, so its
 * name and its last line give the range of its ids: when the clock steps back, the next file begins.
 */
export class PredictionSegments {
  readonly #folder: string;
  readonly #segmentBytes: number;
  /** The latest time of finished files. */
  readonly #until = new Map<string, number>();
  #segment: OpenSegment | undefined;

  constructor(folder: string, segmentBytes: number) {
    this.#folder = folder;
    this.#segmentBytes = segmentBytes;
  }

  /** On disk when it returns. If it throws, some of the lines are written, the last one perhaps incomplete. */
  async write(lines: readonly RecordLine[]): Promise<void> {
    for (const piece of inOrder(lines, this.#segment?.until)) {
      const until = Math.max(...piece.map(({ id }) => predictionTime(id)));
      if (this.#segment && isBefore(piece[0], this.#segment.until)) await this.leave();
      const segment = (this.#segment ??= await this.#open(piece));
      const bytes = Buffer.from(piece.map(({ line }) => line).join(''));
      await segment.file.writeFile(bytes);
      await segment.file.datasync();
      segment.size += bytes.length;
      segment.until = Math.max(segment.until, until);
      if (segment.size >= this.#segmentBytes) await this.leave();
    }
  }

  /** The next line begins another file: after a failure this one may end in an incomplete line. */
  async leave(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.file.close().catch(() => undefined);
  }

  async find(id: PredictionId): Promise<PredictionRecord | undefined> {
    const time = predictionTime(id);
    for await (const segment of this.#segmentsOf({ from: time, until: time })) {
      const record = findLine(segment, id);
      if (record) return record;
    }
    return undefined;
  }

  /** From the latest segment back until there are `limit`. */
  async findByPrefix(prefix: string, limit: number): Promise<readonly PredictionRecord[]> {
    const found: PredictionRecord[] = [];
    for await (const segment of this.#segmentsOf(timesOf(prefix)))
      for (const record of recordsWithPrefix(segment, prefix)) {
        found.push(record);
        if (found.length >= limit) return found;
      }
    return found;
  }

  /** The bytes of the segments that may hold a prediction of that time, the latest first. */
  async *#segmentsOf({ from, until }: Times): AsyncGenerator<Buffer> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(extension)).toSorted();
    for (const name of names.toReversed()) {
      const begins = predictionTime(name.slice(0, -extension.length) as PredictionId);
      if (begins - outOfOrder > until || (await this.#untilOf(name)) + outOfOrder < from) continue;
      yield readFile(join(this.#folder, name));
    }
  }

  async #untilOf(name: string): Promise<number> {
    if (this.#segment?.name === name) return this.#segment.until;
    const cached = this.#until.get(name);
    if (cached !== undefined) return cached;
    const last = await lastIdOf(join(this.#folder, name));
    const until = last === undefined ? Infinity : predictionTime(last);
    this.#until.set(name, until);
    return until;
  }

  async #open(lines: readonly RecordLine[]): Promise<OpenSegment> {
    const name = `${lines[0]?.id}${extension}`;
    this.#until.delete(name);
    const file = await open(join(this.#folder, name), 'a', privateFile);
    await syncFolder(this.#folder);
    // Lines that a full disk refused are written again, into the next file.
    if ((await file.stat()).size > 0) await file.writeFile('\n');
    return { name, file, size: 0, until: 0 };
  }
}

interface Times {
  readonly from: number;
  readonly until: number;
}

/** When the predictions were made whose ids start with a prefix. */
function timesOf(prefix: string): Times {
  const digits = prefix.replaceAll('-', '').slice(0, 12);
  return {
    from: Number.parseInt(digits.padEnd(12, '0'), 16),
    until: Number.parseInt(digits.padEnd(12, 'f'), 16),
  };
}

/** Splits lines where time steps back. */
function inOrder(lines: readonly RecordLine[], since = 0): readonly (readonly RecordLine[])[] {
  const pieces: RecordLine[][] = [];
  let until = since;
  for (const line of lines) {
    const piece = pieces.at(-1);
    if (!piece || isBefore(line, until)) {
      pieces.push([line]);
      until = piece || isBefore(line, until) ? predictionTime(line.id) : until;
    } else piece.push(line);
    until = Math.max(until, predictionTime(line.id));
  }
  return pieces;
}

function isBefore(line: RecordLine | undefined, until: number): boolean {
  return line !== undefined && predictionTime(line.id) < until - outOfOrder;
}

/** Reads the end of a file, or all of it if its last lines are very long. */
async function lastIdOf(path: string): Promise<PredictionId | undefined> {
  await using file = await open(path);
  const { size } = await file.stat();
  const from = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - from), position: from });
  const tail = lastId(buffer.subarray(0, bytesRead));
  return tail ?? (from > 0 ? lastId(await readFile(path)) : undefined);
}
