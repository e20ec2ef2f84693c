import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../kernel/clock.ts';
import type { CsvRecord } from '../../sources/csv/records.ts';
import type { ServedVersion } from '../version.ts';
import type { Batch, BatchProgress, PartWriter } from './batch.ts';
import type { OutputPart } from './files.ts';
import { formatLine } from './output.ts';
import { recordsIn } from './read-file.ts';
import { openBatchRows } from './rows.ts';
import { type FindUnlike, unlikeCounter } from './unlike-rows.ts';
import { whenFree } from './when-free.ts';

interface RunBatchDeps {
  /** The file on this machine, expanded. */
  readonly path: string;
  readonly served: ServedVersion;
  /** Names what this attempt writes, among all over the same rows. */
  readonly attempt: string;
  /** Stores a part of the output. On disk when it returns. */
  readonly putPart: (part: OutputPart, content: Uint8Array) => Promise<void>;
  readonly findUnlike: FindUnlike;
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

/** How often a busy model is tried again, a second after the other. */
const mostTries = 120;

/**
 * Predicts the rows of a batch that are not done, in order, and stores the output in parts. The same file and version give
 * the same bytes wherever an earlier attempt ended.
 * @returns whether every row is done; if not, it was stopped
 * @throws PlatformError for what no row is the reason of
 */
export async function runBatch(batch: Batch, deps: RunBatchDeps): Promise<boolean> {
  const { path, served, attempt, signal, partEvery = 2000, elapsed = () => performance.now() } = deps;
  const { input } = batch;
  const reading = { name: input.file, format: input.format };
  const rows = openBatchRows(input, served, batch.createdAt);
  const total = batch.total ?? (await readOver(recordsIn(path, reading), signal));
  if (total === undefined) return false;
  let progress: BatchProgress = { ...progressOf(batch), total };
  const unlike = unlikeCounter(batch.unlike, deps.findUnlike);
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
      const { parts, bytes } = progress;
      await deps.putPart({ part: parts, attempt }, content);
      progress = {
        ...progress,
        parts: parts + 1,
        bytes: bytes + content.length,
        writers: writersWith(progress.writers, { from: parts, attempt }),
      };
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
    const predicted = await whenFree(() => rows.predict(records), { signal, tries: mostTries });
    for (const { cells, request } of predicted) {
      add(cells);
      if (request) unlike.add(request);
    }
    const refused = predicted.filter(({ isRefused }) => isRefused).length;
    progress = {
      ...progress,
      done: progress.done + records.length,
      refused: progress.refused + refused,
      unlike: unlike.rows(),
    };
    if (elapsed() - since >= partEvery || characters >= largestPart) {
      if (!(await flush())) return false;
    } else await nextTurn();
  }
  return flush();
}

function progressOf({ done, refused, parts, bytes, writers, unlike }: Batch): BatchProgress {
  return { done, refused, parts, bytes, writers, unlike };
}

function writersWith(writers: readonly PartWriter[], next: PartWriter): readonly PartWriter[] {
  return writers.at(-1)?.attempt === next.attempt ? writers : [...writers, next];
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
