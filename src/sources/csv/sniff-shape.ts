import { invalidCsv, withoutEmptyEnd } from './records.ts';
import type { Sample } from './sample.ts';

/** The delimiter that a first line for Excel names: sep=; */
export function namedDelimiter(text: string): string | undefined {
  return /^"?sep=(.)"?\r?(?:\n|$)/i.exec(text)?.[1];
}

/**
 * The sample without the empty fields that a delimiter at the end of each line makes beyond the header's.
 * @throws PlatformError DATA_INVALID for a header with fewer names than the lines have fields
 */
export function withHeaderWidth(sample: Sample, file: string): Sample {
  const { records, width } = sample;
  const [header, ...lines] = records;
  const names = header?.fields.length ?? 0;
  const wide = lines.filter(({ fields }) => fields.length === width);
  const isNarrow = names < width && !lines.some(({ fields }) => fields.length === names);
  if (!header || header.fault !== undefined || !isNarrow || wide.length <= 0.5 * lines.length) return sample;
  const filled = wide.filter(({ fields }) => withoutEmptyEnd(fields, names).length > names);
  if (filled.length <= 0.5 * wide.length)
    return {
      ...sample,
      records: records.map((record) => ({ ...record, fields: withoutEmptyEnd(record.fields, names) })),
      width: names,
    };
  const given = names === 1 ? '1 name' : `${names} names`;
  throw invalidCsv(
    `header of ${file}`,
    header.fields,
    `It has ${given}, and the lines have ${width} fields: add the names that are missing, such as that of row numbers, or put fields with the delimiter in them in quotes.`,
  );
}

const marks = [',', ';', '\t', '|', '^', ':', '~'] as const;
const mostLooked = 100;

/** Refuses a file whose lines are one field each, with the same marks in all of them. @throws PlatformError DATA_INVALID */
export function refuseUnsplit({ records, width }: Sample, file: string): void {
  const [header, ...lines] = records.slice(0, mostLooked).map(({ fields }) => fields[0] ?? '');
  if (width !== 1 || header === undefined || lines.length < 2) return;
  const count = (text: string, mark: string): number => text.split(mark).length - 1;
  const mark = marks.find((each) => {
    const inHeader = count(header, each);
    // One comma or colon is in much text: times, names.
    return inHeader >= 2 && lines.every((line) => count(line, each) === inHeader);
  });
  if (mark === undefined) return;
  const isUsual = [',', ';', '\t', '|'].includes(mark);
  throw invalidCsv(
    file,
    header,
    isUsual
      ? 'Each of its lines is in quotes as a whole: take these quotes away.'
      : `Put a comma where it has ${mark} between its columns: tr '${mark}' ',' < FILE > data.csv.`,
  );
}
