import type { CsvRecord, RecordFormat } from './records.ts';
import { RecordScanner } from './record-scanner.ts';

/** The first records of a file as one format splits them. */
export interface Sample {
  readonly records: readonly CsvRecord[];
  /** The commonest number of fields. */
  readonly width: number;
  /** The share of the text that lies in records of that width. */
  readonly fit: number;
}

/** @param text complete lines, so that quotes which stay open mean another format */
export function sampleOf(
  text: string,
  { mostRecords = 1000, ...format }: Omit<RecordFormat, 'file'> & { readonly mostRecords?: number },
): Sample {
  const scanner = new RecordScanner({ ...format, file: 'sample' });
  scanner.add(text);
  const records: CsvRecord[] = [];
  while (records.length < mostRecords && scanner.next()) {
    if (scanner.isBlank()) continue;
    records.push({
      line: scanner.line,
      fields: scanner.fields(),
      ...(scanner.fault && { fault: scanner.fault.reason }),
    });
  }
  const widths = new Map<number, number>();
  for (const { fields, fault } of records)
    if (fault === undefined) widths.set(fields.length, (widths.get(fields.length) ?? 0) + 1);
  const [width, count] = [...widths].reduce((best, each) => (each[1] > best[1] ? each : best), [0, 0]);
  const isRead = records.length === mostRecords || scanner.unread === 0;
  const read = isRead ? 1 : 1 - scanner.unread / text.length;
  return { records, width, fit: records.length === 0 ? 0 : (read * count) / records.length };
}

/** The cells of each column, in records of the sample's width. */
export function cellsByColumn({ records, width }: Sample): readonly (readonly string[])[] {
  const complete = records.filter(({ fields, fault }) => fault === undefined && fields.length === width);
  return Array.from({ length: width }, (_, at) => complete.map(({ fields }) => fields[at] ?? ''));
}
