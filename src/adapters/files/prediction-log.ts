import { type FileHandle, open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isPredictionId, type PredictionId } from '../../kernel/ids.ts';
import type { Durability, PredictionLog, PredictionRecord } from '../../serving/prediction-log.ts';
import { ensureFolder, privateFile, syncFolder, writing } from './durable.ts';
import { findLine, formatRecord, parseRecord } from './prediction-line.ts';

export interface PredictionLogOptions {
  /** @default 'async' */
  readonly durability?: Durability;
  /** A segment of this size is followed by another. @default 16 MB */
  readonly segmentBytes?: number;
  /** Records waiting for the disk hold this much at most; then the oldest go. @default 8 MB */
  readonly waitingBytes?: number;
  /** How long an 'async' record waits for company. @default 50 ms */
  readonly flushMs?: number;
}

const flushBytes = 64_000;

/** Of a UUIDv7, what tells the millisecond. */
const timeLength = 'xxxxxxxx-xxxx'.length;

/** Where in a sorted list `holds` begins to be true, by halving. */
function firstIndex(sorted: readonly string[], holds: (item: string) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle] ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}

interface Waiting {
  readonly id: PredictionId;
  readonly line: string;
  readonly settle: (isKept: boolean) => void;
}

/**
 * A prediction log in a folder: segments of JSON lines, each named by its first prediction. Records are written and
 * synced in groups. A line that a crash cut off is passed over.
 * @throws PlatformError STATE_UNWRITABLE
 */
export async function openPredictionLog(
  folder: string,
  options: PredictionLogOptions = {},
): Promise<PredictionLog> {
  await writing(folder, () => ensureFolder(folder));
  return new FilePredictionLog(folder, {
    durability: 'async',
    segmentBytes: 16_000_000,
    waitingBytes: 8_000_000,
    flushMs: 50,
    ...options,
  });
}

class FilePredictionLog implements PredictionLog {
  readonly #folder: string;
  readonly #options: Required<PredictionLogOptions>;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #segment: { readonly file: FileHandle; size: number } | undefined;
  #dropped = 0;
  #isClosed = false;

  constructor(folder: string, options: Required<PredictionLogOptions>) {
    this.#folder = folder;
    this.#options = options;
  }

  get dropped(): number {
    return this.#dropped;
  }

  append(record: PredictionRecord): Promise<boolean> {
    if (this.#isClosed) {
      this.#dropped++;
      return Promise.resolve(false);
    }
    const isSync = this.#options.durability === 'sync';
    const line = formatRecord(record);
    this.#waitingBytes += line.length;
    const kept = new Promise<boolean>((resolve) => {
      this.#waiting.push({ id: record.id, line, settle: resolve });
    });
    this.#shed();
    if (isSync || this.#waitingBytes >= flushBytes) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), this.#options.flushMs).unref();
    return isSync ? kept : Promise.resolve(true);
  }

  async find(id: PredictionId): Promise<PredictionRecord | undefined> {
    if (!isPredictionId(id)) return undefined;
    await this.#flush();
    const waiting = this.#waiting.find((entry) => entry.id === id);
    if (waiting) return parseRecord(waiting.line);
    for (const name of await this.#segmentsFor(id)) {
      const record = findLine(await readFile(join(this.#folder, name)), id);
      if (record) return record;
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#flush();
    this.#dropped += this.#waiting.length;
    for (const { settle } of this.#waiting.splice(0)) settle(false);
    await this.#segment?.file.close();
    this.#segment = undefined;
  }

  /**
   * The segments that may hold an id: those named in its millisecond, the one before them, and the one after, for a
   * prediction that ended later than one that began after it.
   */
  async #segmentsFor(id: PredictionId): Promise<readonly string[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.jsonl')).toSorted();
    const time = id.slice(0, timeLength);
    const first = firstIndex(names, (name) => name.slice(0, timeLength) >= time);
    const after = firstIndex(names, (name) => name.slice(0, timeLength) > time);
    return names.slice(Math.max(0, first - 1), after + 1);
  }

  /** Writes what waits, and what comes to wait meanwhile; stops at a failure, and tries again with the next record. */
  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#writing ??= this.#writeAll();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    let isKept = true;
    while (isKept && this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      this.#waitingBytes = 0;
      isKept = await this.#write(group).catch(() => false);
      if (isKept) for (const { settle } of group) settle(true);
      else await this.#takeBack(group);
    }
    // In the same turn as the last look at what waits: a record that comes later starts another round.
    this.#writing = undefined;
  }

  /**
   * Nobody waits for a disk that refuses: records go back in the queue, as not kept. The segment may end within a line,
   * so the next group begins another.
   */
  async #takeBack(group: readonly Waiting[]): Promise<void> {
    await this.#leaveSegment();
    this.#waiting.unshift(...group);
    this.#waitingBytes = this.#waiting.reduce((sum, { line }) => sum + line.length, 0);
    for (const { settle } of this.#waiting) settle(false);
    this.#shed();
  }

  async #write(group: readonly Waiting[]): Promise<boolean> {
    const bytes = Buffer.from(group.map(({ line }) => line).join(''));
    const segment = (this.#segment ??= await this.#openSegment(group));
    await segment.file.writeFile(bytes);
    await segment.file.datasync();
    segment.size += bytes.length;
    if (segment.size >= this.#options.segmentBytes) await this.#leaveSegment();
    return true;
  }

  async #openSegment(group: readonly Waiting[]): Promise<{ readonly file: FileHandle; size: number }> {
    const file = await open(join(this.#folder, `${group[0]?.id}.jsonl`), 'a', privateFile);
    await syncFolder(this.#folder);
    return { file, size: 0 };
  }

  async #leaveSegment(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.file.close().catch(() => undefined);
  }

  #shed(): void {
    while (this.#waitingBytes > this.#options.waitingBytes) {
      const oldest = this.#waiting.shift();
      if (!oldest) return;
      this.#waitingBytes -= oldest.line.length;
      this.#dropped++;
      oldest.settle(false);
    }
  }
}
