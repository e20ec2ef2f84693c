import type { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import type { Json } from '../kernel/json.ts';
import { formatCount } from '../kernel/units.ts';
import type { OneOrMore } from '../project/tables/checks.ts';
import type { Origin } from '../project/tables/origin.ts';
import type { RawFile, ReadContext, Reader, ReadFunction } from '../project/tables/source.ts';
import { type RowOfShape, table, type TimesOfShape } from '../project/tables/table.ts';
import { utf8Text } from './utf8-text.ts';

export interface JsonOptions<Shape extends z.ZodRawShape> {
  /** Files, folders, archives, addresses, `http()` or simulations. */
  readonly from: OneOrMore<Origin>;
  /** The row's schema. */
  readonly row: z.ZodObject<Shape>;
  /** The rows of one file or page. A file that ends in .jsonl or .ndjson is the list of its lines. */
  readonly rows: (body: Json) => Iterable<RowOfShape<NoInfer<Shape>>>;
}

/**
 * Rows of JSON files or pages, in order of file name; `rows` takes them out of each.
 * @example json({ from: http({ url: gamesSince, next: nextPage }), row: Game, rows: gamesOf })
 */
export function json<Shape extends z.ZodRawShape>(
  options: JsonOptions<Shape>,
): Reader<RowOfShape<Shape>, TimesOfShape<Shape>> {
  return {
    kind: 'json',
    version: 1,
    from: options.from,
    options: {},
    code: { rows: options.rows },
    table: table(options.row),
    read: readJson as ReadFunction<RowOfShape<Shape>>,
  };
}

/** @throws PlatformError DATA_INVALID naming the file; errors of `rows` as they are */
export async function* readJson(files: readonly RawFile[], context: ReadContext): AsyncGenerator<object> {
  const rowsOf = context.code?.['rows'] as ((body: Json) => unknown) | undefined;
  for (const [index, file] of files.entries()) {
    const body = bodyOf(file.name, utf8Text(await file.bytes(), file.name));
    let count = 0;
    for (const row of listed(rowsOf?.(body), file.name)) {
      if (typeof row !== 'object' || row === null)
        throw invalid(`rows of ${file.name}`, row, 'must be objects, one for each row');
      yield row;
      count++;
    }
    context.log(`${file.name}: ${formatCount(count)} rows`);
    context.progress(index + 1, files.length);
  }
}

/** The body of a file: the list of its lines if it ends in .jsonl or .ndjson. @throws PlatformError DATA_INVALID */
export function bodyOf(name: string, text: string): Json {
  if (!/\.(jsonl|ndjson)$/i.test(name)) return parsed(text, name);
  return text
    .split('\n')
    .map((line, index) => [line, index + 1] as const)
    .filter(([line]) => line.trim() !== '')
    .map(([line, number]) => parsed(line, `${name}, line ${number}`));
}

function parsed(text: string, field: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'no JSON';
    throw invalid(field, text.trim() === '' ? '' : reason, 'must be JSON');
  }
}

function listed(rows: unknown, name: string): Iterable<unknown> {
  if (typeof rows === 'object' && rows !== null && Symbol.iterator in rows) return rows as Iterable<unknown>;
  const isPromise =
    typeof rows === 'object' && rows !== null && ('then' in rows || Symbol.asyncIterator in rows);
  throw invalid(
    `rows of ${name}`,
    isPromise ? 'a promise' : rows,
    'must be a list or another iterable of rows',
  );
}

function invalid(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
