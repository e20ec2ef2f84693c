import type { CsvRecord } from './records.ts';
import { cellsByColumn, type Sample } from './sample.ts';
import { looksLikeHeader } from './sniff-header.ts';

const commentMark = '#';

/** Whether lines that begin with # are comments: none of them has as many fields as the others, but for the header. */
export function hasComments(sample: Sample): boolean {
  const { records, width } = sample;
  const marked = records.filter(isMarked);
  if (marked.length === 0 || width === 0) return false;
  const leading = records.findIndex((record) => !isMarked(record));
  if (
    records.slice(Math.max(leading, 0)).some((record) => isMarked(record) && record.fields.length === width)
  )
    return false;
  const last = records[leading - 1];
  if (last?.fields.length !== width) return true;
  // The last marked line may be the header of lines that have no other.
  return looksLikeHeader(cellsByColumn({ ...sample, records: records.slice(leading) }));
}

function isMarked({ fields }: CsvRecord): boolean {
  return fields[0]?.startsWith(commentMark) === true;
}

const mostTitles = 20;

/** Lines before the header that are titles: they fill in one field, or at most half of them. */
export function titleLines({ records, width }: Sample): number {
  if (width < 2) return 0;
  const header = records.slice(0, mostTitles).find(({ fields }) => !isTitle(fields, width));
  return header && header !== records[0] ? header.line - 1 : 0;
}

function isTitle(fields: readonly string[], width: number): boolean {
  if (fields.length < width) return fields.length <= Math.max(1, width / 2);
  return width > 2 && fields.filter((field) => field !== '').length <= 1;
}
