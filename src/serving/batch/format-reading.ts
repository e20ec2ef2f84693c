import type { BatchFormat } from './batch-format.ts';

const delimiterNames: Readonly<Record<string, string>> = { '\t': 'tabs' };

/** How a file is read, in sentences; nothing about what is usual. */
export function formatReading({
  delimiter,
  decimal,
  encoding,
  dates,
}: Pick<BatchFormat, 'delimiter' | 'decimal' | 'encoding' | 'dates'>): readonly string[] {
  return [
    ...(delimiter === ','
      ? []
      : [`Columns are separated by ${delimiterNames[delimiter] ?? `"${delimiter}"`}.`]),
    ...(decimal === '.' ? [] : ['Numbers have a decimal comma.']),
    ...(encoding === 'utf-8' ? [] : [`The text is ${encoding}; the output is UTF-8.`]),
    ...Object.entries(dates).map(([column, form]) => `Dates of "${column}" are ${form}.`),
  ];
}
