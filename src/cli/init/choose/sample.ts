import { isMissing, missingSet, readNumber } from '../../../sources/csv/values.ts';
import type { InferredColumn } from '../column.ts';
import type { CsvFile } from '../read-csv.ts';
import type { Sample } from './leaks.ts';

const mostRows = 20_000;

/** The first lines of a file, by column. */
export function sampleOf(csv: CsvFile): Sample {
  const missing = missingSet(csv.missing);
  const lines: (readonly string[])[] = [];
  for (const { fields } of csv.records()) {
    if (lines.length === mostRows) break;
    lines.push(fields);
  }
  const { decimal } = csv.format;
  const numbers = new Map<InferredColumn, Float64Array>();
  return {
    rows: lines.length,
    numbers(column) {
      const cached = numbers.get(column);
      if (cached) return cached;
      const values = Float64Array.from(lines, (fields) => {
        const text = fields[column.index] ?? '';
        return isMissing(text, missing) ? NaN : (readNumber(text, { decimal }) ?? NaN);
      });
      numbers.set(column, values);
      return values;
    },
    texts: (column) =>
      lines.map((fields) => {
        const text = fields[column.index] ?? '';
        return isMissing(text, missing) ? '' : text;
      }),
    times({ index, dates }) {
      const [form] = dates?.forms ?? [];
      return Float64Array.from(lines, (fields) => {
        const text = (fields[index] ?? '').trim();
        return Date.parse(form?.time(text) ?? form?.day(text) ?? '');
      });
    },
  };
}
