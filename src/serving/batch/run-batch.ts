import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { CsvRecord } from '../../sources/csv/records.ts';
import type { ServedVersion } from '../version.ts';
import type { Batch, BatchProgress } from './batch.ts';
import { formatLine } from './output.ts';
import { recordsIn } from './read-file.ts';
import { openBatchRows } from './rows.ts';

interface RunBatchDeps {
  /** The file on this machine, expanded. */
  readonly path: string;
  readonly served: ServedVersion;
  /** Stores a part of the output. On disk when it returns. */
  readonly putPart: (part: number, content: Uint8Array) => Promise<void>;
  /** Stores how far the batch is. @returns whether to continue */
  readonly advance: (progress: BatchProgress) => Promise<boolean>;
  readonly signal: AbortSignal;
  /** Milliseconds that never step back. @default performance.now */
  readonly elapsed?: Clock;
  /** Milliseconds between two parts. @default 2000 */
  readonly partEvery?: number;
}

/** Rows that are predicted together: a live prediction waits for one chunk at most. */
const chunkRows = 100;
/** Characters after which a chunk ends at once. */
const chunkCharacters = 1_000_000;

/** Bytes after which a part ends at once. */
const largestPart = 1_000_000;

/**
 * Predicts the rows of a batch that are not done, in order, and stores the output in parts. The same file and version give
 * the same bytes wherever an earlier attempt ended.
 * @returns whether every row is done; if not, it was stopped
 * @throws PlatformError for what no row is the reason of
 */
export async function runBatch(batch: Batch, deps: RunBatchDeps): Promise<boolean> {
  const { path, served, signal, partEvery = 2000, elapsed = () => performance.now() } = deps;
  const { input } = batch;
  const reading = { name: input.file, format: input.format };
  const rows = openBatchRows(input, served, batch.createdAt);
  const total = batch.total ?? (await readOver(recordsIn(path, reading), signal));
  if (total === undefined) return false;
  let progress: BatchProgress = { ...progressOf(batch), total };
  let lines: string[] = [];
  let characters = 0;
  let since = elapsed();
  const add = (cells: readonly string[]): void => {
    const line = formatLine(cells, input.format);
    lines.push(line);
    characters += line.length;
  };
  const flush = async (): Promise<boolean> => {
    const content = Buffer.from(lines.join(''));
    if (content.length > 0) {
      await deps.putPart(progress.parts, content);
      progress = { ...progress, parts: progress.parts + 1, bytes: progress.bytes + content.length };
    }
    lines = [];
    characters = 0;
    since = elapsed();
    return deps.advance(progress);
  };
  if (progress.parts === 0) {
    if (input.format.mark) lines.push('\uFEFF');
    add(rows.header);
  }
  if (!(await deps.advance(progress))) return false;
  const rest = recordsIn(path, reading);
  if ((await readOver(rest, signal, progress.done)) === undefined) return false;
  for (const records of chunksOf(rest)) {
    if (signal.aborted) return false;
    const predicted = await whenFree(() => rows.predict(records), signal);
    for (const { cells } of predicted) add(cells);
    const refused = predicted.filter(({ isRefused }) => isRefused).length;
    progress = { ...progress, done: progress.done + records.length, refused: progress.refused + refused };
    if (elapsed() - since >= partEvery || characters >= largestPart) {
      if (!(await flush())) return false;
    } else await nextTurn();
  }
  return flush();
}

function progressOf({ done, refused, parts, bytes }: Batch): BatchProgress {
  return { done, refused, parts, bytes };
}

/** How often a busy model is tried again, a second after the other. */
const mostTries = 120;

async function whenFree<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      const isBusy = error instanceof PlatformError && error.code === 'MODEL_BUSY';
      if (!isBusy || tries === mostTries || signal.aborted) throw error;
      await pause(1000, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** Records that are read between two pauses for other work. */
const readTogether = 2000;

/** Reads records without predicting them; closes them if it is stopped. @returns how many; undefined if it was stopped */
async function readOver(
  records: Generator<CsvRecord>,
  signal: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): Promise<number | undefined> {
  let count = 0;
  for (; count < most && records.next().done !== true; count++) {
    if (count % readTogether > 0) continue;
    await nextTurn();
    if (!signal.aborted) continue;
    records.return(undefined);
    return undefined;
  }
  return count;
}

/** Where a chunk ends depends on the records after the last one alone, so that a batch that continues has the same chunks. */
function* chunksOf(records: Iterable<CsvRecord>): Generator<readonly CsvRecord[]> {
  let chunk: CsvRecord[] = [];
  let characters = 0;
  for (const record of records) {
    chunk.push(record);
    for (const field of record.fields) characters += field.length;
    if (chunk.length < chunkRows && characters < chunkCharacters) continue;
    yield chunk;
    chunk = [];
    characters = 0;
  }
  if (chunk.length > 0) yield chunk;
}
