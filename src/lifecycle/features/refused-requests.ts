import { z } from 'zod';
import type { Dataset } from '../../data/dataset.ts';
import { usualBadRows } from '../../kernel/bad-rows.ts';
import { formatDetail, PlatformError } from '../../kernel/errors.ts';
import { formatShare } from '../../kernel/format-number.ts';
import { formatCount } from '../../kernel/units.ts';
import { countOf } from '../../pipeline/facts.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import { requestOrRefusal } from './request-of.ts';
import type { RequestBatch } from './request-batches.ts';

const mostListed = 3;

/** Rows that the request schema refuses, as facts: how many, and what it said of the first ones. */
export const refusedFacts = z.object({ rows: z.number(), first: z.array(z.string()) });
export type RefusedFacts = z.infer<typeof refusedFacts>;

/** The indexes of these rows, as a task stores them. */
const refusedRows = z.object({ rows: z.array(z.number()) });

/** Collects the rows that the request schema refuses. They are set aside: they train nothing and test nothing. */
export class RefusedRequests {
  readonly #total: number;
  readonly #first: PlatformError[] = [];
  readonly rows: number[] = [];

  /** @param total the number of all rows */
  constructor(total: number) {
    this.#total = total;
  }

  /**
   * The request of a row of a batch; undefined if the schema refuses it.
   * @param row its number among all rows, in whose order they are asked for
   * @throws PlatformError DATA_INVALID with the first of them as soon as they are more than a share of all rows
   */
  requestAt(batch: Pick<RequestBatch, 'request'>, at: number, row: number): unknown {
    const request = requestOrRefusal(() => batch.request(at));
    if (!(request instanceof PlatformError)) return request;
    this.rows.push(row);
    if (this.#first.length < mostListed) this.#first.push(request);
    if (this.rows.length > usualBadRows * this.#total) this.#refuseAll(this.#first[0] ?? request, row + 1);
    return undefined;
  }

  #refuseAll(first: PlatformError, read: number): never {
    const { field, value, remedy } = first.detail;
    const share =
      this.#total === 1
        ? ''
        : ` ${formatCount(this.rows.length)} of the first ${formatCount(read)} rows are refused, and at most ${formatShare(usualBadRows)} of all ${formatCount(this.#total)} are set aside.`;
    throw new PlatformError('DATA_INVALID', { field, value, remedy: `${remedy}${share}` }, { cause: first });
  }

  facts(): { readonly refused?: RefusedFacts } {
    if (this.rows.length === 0) return {};
    const first = this.#first.map(({ detail }) => formatDetail(detail));
    return { refused: { rows: this.rows.length, first } };
  }
}

/** '2 rows are set aside: …' with what the schema says of the first */
export function refusedWarning({ rows, first: [first = ''] }: RefusedFacts): string {
  return `${countOf(rows, 'row')} ${rows === 1 ? 'is' : 'are'} set aside: ${first}`;
}

/** '2 rows set aside' */
export function refusedSummary({ rows }: RefusedFacts): string {
  return `${countOf(rows, 'row')} set aside`;
}

/** A line for each of the first rows that were set aside, and how many more there are. */
export function formatRefused({ rows, first }: RefusedFacts): readonly string[] {
  const more = rows - first.length;
  return [
    ...first.map((text) => `set aside: ${text}`),
    ...(more > 0 ? [`… and ${formatCount(more)} more rows that the request schema refuses`] : []),
  ];
}

/** The rows that the task `features` has set aside; none if the task has no such input. */
export async function readRefused(
  context: Pick<OperationContext, 'spec' | 'input'>,
): Promise<ReadonlySet<number>> {
  if (!context.spec.inputs['refused']) return new Set();
  return refusedRowsOf(await context.input('refused'));
}

/** The indexes of the rows that a task `features` has set aside. @param stored its output `refused` */
export function refusedRowsOf(stored: Dataset): ReadonlySet<number> {
  return new Set(refusedRows.parse(stored.kind === 'value' ? stored.value : undefined).rows);
}
