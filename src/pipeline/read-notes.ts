import { z } from 'zod';
import { type Digest, digestOf } from '../kernel/digest.ts';
import { formatCount } from '../kernel/units.ts';
import type { RejectedRow } from '../project/tables/source.ts';

const mostRejects = 20;
const mostColumns = 200;
/** Different names that are counted. */
const mostCounted = 10_000;

/** What a reader left out, as facts of its task. */
export const readNotes = {
  /** Rows that were set aside because they cannot be read. */
  rejected: z.number().exactOptional(),
  /** The first of them; column and value are null for a row with the wrong number of fields. */
  rejects: z
    .array(
      z.object({
        file: z.string(),
        line: z.number(),
        column: z.string().nullable(),
        value: z.string().nullable(),
        reason: z.string(),
      }),
    )
    .exactOptional(),
  /** The first columns of the files that the table does not have. */
  unread: z.array(z.string()).exactOptional(),
  /** How many there are, if they are more; 10,000 means that or more. */
  unreadTotal: z.number().exactOptional(),
};

export type ReadNoteFacts = z.infer<z.ZodObject<typeof readNotes>>;

const longestValue = 200;
const mostListed = 3;

/** The first rows that were set aside, a line each, and how many more there are. */
export function formatRejects({ rejected = 0, rejects = [] }: ReadNoteFacts): readonly string[] {
  const listed = rejects.slice(0, mostListed);
  const more = rejected - listed.length;
  return [
    ...listed.map(formatReject),
    ...(more > 0 ? [`… and ${formatCount(more)} more: see the data page`] : []),
  ];
}

type Reject = NonNullable<ReadNoteFacts['rejects']>[number];

function formatReject({ file, line, column, value, reason }: Reject): string {
  const where = column === null ? '' : `, column "${column}"`;
  const got = value === null ? '' : ` (got ${JSON.stringify(value)})`;
  return `set aside: ${file}, line ${line}${where}${got}: ${reason}`;
}

/** Collects what a reader leaves out, and logs the first rows. */
export class ReadNotes {
  readonly #log: (line: string) => void;
  readonly #rejects: Reject[] = [];
  /** The first names. */
  readonly #unread = new Set<string>();
  /** Digests of the others, which may be long, to count each of them once. */
  readonly #others = new Set<Digest>();
  #rejected = 0;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  reject({ file, line, column, value, reason }: RejectedRow): void {
    this.#rejected += 1;
    if (this.#rejects.length >= mostRejects) return;
    const cell = typeof value === 'string' ? value.slice(0, longestValue) : null;
    const reject = { file, line, column: column ?? null, value: cell, reason };
    this.#rejects.push(reject);
    this.#log(formatReject(reject));
  }

  ignore(columns: readonly string[]): void {
    for (const column of columns) {
      if (this.#unread.size < mostColumns || this.#unread.has(column)) this.#unread.add(column);
      else if (this.#others.size < mostCounted - mostColumns) this.#others.add(digestOf(column));
      else return;
    }
  }

  facts(): ReadNoteFacts {
    return {
      ...(this.#rejected > 0 && { rejected: this.#rejected, rejects: this.#rejects }),
      ...(this.#unread.size > 0 && { unread: [...this.#unread] }),
      ...(this.#others.size > 0 && { unreadTotal: this.#unread.size + this.#others.size }),
    };
  }
}
