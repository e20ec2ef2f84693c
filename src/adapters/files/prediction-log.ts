import { PlatformError } from '../../kernel/errors.ts';
import { isPredictionId, type PredictionId } from '../../kernel/ids.ts';
import type { Durability } from '../../project/models/serving.ts';
import type { PredictionLog, PredictionRecord } from '../../serving/prediction-log.ts';
import { ensureFolder, writing } from './durable.ts';
import { formatRecord, parseRecord } from './prediction-line.ts';
import { PredictionSegments, type RecordLine } from './prediction-segments.ts';

/** What operators must be notified of. */
export interface PredictionLogEvents {
  /** Records of a project are lost. */
  readonly lost?: (project: string, records: number) => void;
  /** The disk began to refuse writes. */
  readonly failing?: (error: unknown) => void;
  /** The disk accepts writes again. */
  readonly recovered?: () => void;
}

export interface PredictionLogOptions extends PredictionLogEvents {
  /** When a segment has this size, the next one begins. @default 16 MB */
  readonly segmentBytes?: number;
  /** Limit of the records that wait for the disk; beyond it the oldest are dropped. @default 8 MB */
  readonly waitingBytes?: number;
  /** How long an 'async' record waits for others to be written together. @default 50 ms */
  readonly flushMs?: number;
}

const flushBytes = 64_000;

/** The records of one append. */
interface Waiting {
  readonly project: string;
  readonly lines: readonly RecordLine[];
  readonly bytes: number;
  readonly durability: Durability;
  readonly settle: (isRecorded: boolean) => void;
}

/**
 * A prediction log in a folder. Records are written and synced in groups. Readers skip a line that a crash cut off.
 * @throws PlatformError STATE_UNWRITABLE; PREDICTIONS_LOST on close if the disk refused the last records
 */
export async function openPredictionLog(
  folder: string,
  options: PredictionLogOptions = {},
): Promise<PredictionLog> {
  await writing(folder, () => ensureFolder(folder));
  return new FilePredictionLog(folder, options);
}

class FilePredictionLog implements PredictionLog {
  readonly #folder: string;
  readonly #segments: PredictionSegments;
  readonly #waitingBytes: number;
  readonly #flushMs: number;
  readonly #events: PredictionLogEvents;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #lost = 0;
  #isClosed = false;

  constructor(folder: string, options: PredictionLogOptions) {
    this.#folder = folder;
    this.#segments = new PredictionSegments(folder, options.segmentBytes ?? 16_000_000);
    this.#waitingBytes = options.waitingBytes ?? 8_000_000;
    this.#flushMs = options.flushMs ?? 50;
    this.#events = options;
  }

  get lost(): number {
    return this.#lost;
  }

  append(records: readonly PredictionRecord[], durability: Durability): Promise<boolean> {
    const lines = records.map((record) => ({ id: record.predictionId, line: formatRecord(record) }));
    let settle: Waiting['settle'] = () => {};
    const promise = new Promise<boolean>((resolve) => (settle = resolve));
    const project = records[0]?.project ?? '';
    const bytes = lines.reduce((sum, { line }) => sum + line.length, 0);
    const entry: Waiting = { project, lines, bytes, durability, settle };
    if (this.#isClosed) {
      this.#drop(entry);
      return promise;
    }
    this.#waiting.push(entry);
    this.#bytes += bytes;
    this.#shed();
    if (durability === 'sync' || this.#bytes >= flushBytes) void this.#flush();
    else this.#timer ??= setTimeout(() => void this.#flush(), this.#flushMs).unref();
    return durability === 'sync' ? promise : Promise.resolve(true);
  }

  async find(id: PredictionId): Promise<PredictionRecord | undefined> {
    if (!isPredictionId(id)) return undefined;
    await this.#flush();
    const waiting = this.#waiting.flatMap(({ lines }) => lines).find((entry) => entry.id === id);
    return waiting ? parseRecord(waiting.line) : this.#segments.find(id);
  }

  async findByPrefix(prefix: string, limit: number): Promise<readonly PredictionRecord[]> {
    await this.#flush();
    const waiting = this.#waiting.flatMap(({ lines }) => lines.filter(({ id }) => id.startsWith(prefix)));
    const latest = waiting.slice(-limit).flatMap(({ line }) => parseRecord(line) ?? []);
    const written = await this.#segments.findByPrefix(prefix, limit);
    const found = new Map([...latest, ...written].map((record) => [record.predictionId, record]));
    return [...found.values()].toSorted(byIdBackwards).slice(0, limit);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#flush();
    const rest = this.#waiting.splice(0);
    for (const entry of rest) this.#drop(entry);
    await this.#segments.leave();
    const records = rest.reduce((sum, { lines }) => sum + lines.length, 0);
    if (records > 0) throw lostAtStop(this.#folder, { records, cause: this.#failure });
  }

  /** Writes the queue, including records that arrive meanwhile; stops at a failure, and retries with the next record. */
  async #flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#writing ??= this.#writeAll();
    await this.#writing;
  }

  async #writeAll(): Promise<void> {
    let isRecorded = true;
    while (isRecorded && this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      this.#bytes = 0;
      try {
        await this.#segments.write(group.flatMap(({ lines }) => lines));
        for (const { settle } of group) settle(true);
        if (this.#failure !== undefined) this.#events.recovered?.();
        this.#failure = undefined;
      } catch (error) {
        isRecorded = false;
        await this.#segments.leave();
        this.#putBack(group);
        if (this.#failure === undefined) this.#events.failing?.(error);
        this.#failure = error;
      }
    }
    // No await since the last check of the queue, so a record that arrives later starts another round.
    this.#writing = undefined;
  }

  /** If the disk refuses, 'sync' records fail their requests and 'async' ones return to the queue. */
  #putBack(group: readonly Waiting[]): void {
    const all = [...group, ...this.#waiting];
    this.#waiting = all.filter(({ durability }) => durability === 'async');
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { durability, settle } of all) if (durability === 'sync') settle(false);
    this.#shed();
  }

  #shed(): void {
    while (this.#bytes > this.#waitingBytes) {
      const oldest = this.#waiting.shift();
      if (!oldest) return;
      this.#bytes -= oldest.bytes;
      this.#drop(oldest);
    }
  }

  /** A 'sync' request fails, so its caller knows; only 'async' records are lost. */
  #drop({ project, lines, durability, settle }: Waiting): void {
    settle(false);
    if (durability === 'sync') return;
    this.#lost += lines.length;
    this.#events.lost?.(project, lines.length);
  }
}

function byIdBackwards(first: PredictionRecord, second: PredictionRecord): number {
  return first.predictionId < second.predictionId ? 1 : -1;
}

function lostAtStop(
  folder: string,
  { records, cause }: { readonly records: number; readonly cause: unknown },
): PlatformError {
  const what = cause instanceof PlatformError ? cause.message : String(cause);
  return new PlatformError(
    'PREDICTIONS_LOST',
    {
      field: folder,
      value: `${records} ${records === 1 ? 'record' : 'records'}, ${what}`,
      remedy:
        "Free space there. With serve.log.durability 'sync' a prediction fails instead of losing its record.",
    },
    { cause },
  );
}
