import type { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import { formatCount } from '../kernel/units.ts';
import type { Origin, Posts } from '../project/tables/origin.ts';
import type { RawFile, ReadContext, Reader, ReadFunction } from '../project/tables/source.ts';
import { type RowOfShape, table, type TimesOfShape } from '../project/tables/table.ts';
import { bodyOf } from './json.ts';
import { utf8Text } from './utf8-text.ts';

export interface StreamOptions<Shape extends z.ZodRawShape> {
  /** Files of events, a simulation, or `posts()`: events that clients post to the server, under the source's name. */
  readonly from: Origin | Posts;
  /** The schema of an event. */
  readonly row: z.ZodObject<Shape>;
  /** The column with the time of the event. */
  readonly at: TimesOfShape<NoInfer<Shape>>;
}

/**
 * Events, one row each. A file that ends in .jsonl or .ndjson has an event a line; any other file is a JSON list.
 * @example stream({ from: 'plays.jsonl', row: Play, at: 'at' })
 */
export function stream<Shape extends z.ZodRawShape>(
  options: StreamOptions<Shape>,
): Reader<RowOfShape<Shape>, TimesOfShape<Shape>> {
  return {
    kind: 'stream',
    version: 1,
    from: options.from,
    options: { at: options.at },
    table: table(options.row),
    read: readStream as ReadFunction<RowOfShape<Shape>>,
  };
}

/** @throws PlatformError DATA_INVALID naming the file and the event */
export async function* readStream(files: readonly RawFile[], context: ReadContext): AsyncGenerator<object> {
  for (const [index, file] of files.entries()) {
    const events = bodyOf(file.name, utf8Text(await file.bytes(), file.name));
    if (!Array.isArray(events)) throw invalid(file.name, events, 'must be a list of events');
    for (const [at, event] of (events as readonly unknown[]).entries()) {
      if (typeof event !== 'object' || event === null || Array.isArray(event))
        throw invalid(`${file.name}, event ${at + 1}`, event, 'must be an object');
      yield event;
    }
    context.log(`${file.name}: ${formatCount(events.length)} events`);
    context.progress(index + 1, files.length);
  }
}

function invalid(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
