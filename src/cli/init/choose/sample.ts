import { NumberCells } from '../../../sources/csv/cells.ts';
import { missingValues } from '../../../sources/csv/number-unit.ts';
import { isMissing } from '../../../sources/csv/values.ts';
import type { InferredColumn } from '../column.ts';
import type { CsvFile } from '../read-csv.ts';
import type { Sample } from './leaks.ts';

const mostRows = 20_000;

/** The first lines of a file, by column. */
export function sampleOf(csv: CsvFile): Sample {
  const lines: (readonly string[])[] = [];
  for (const { fields } of csv.records()) {
    if (lines.length === mostRows) break;
    lines.push(fields);
  }
  const { decimal } = csv.format;
  const missing = missingValues(csv.missing, decimal);
  const numbers = new Map<InferredColumn, Float64Array>();
  return {
    rows: lines.length,
    numbers(column) {
      const cached = numbers.get(column);
      if (cached) return cached;
      const cells = new NumberCells({ decimal, missing, unit: column.numbers?.unit });
      const values = Float64Array.from(lines, (fields) => cells.read(fields[column.index] ?? '') ?? NaN);
      numbers.set(column, values);
      return values;
    },
    texts: (column) =>
      lines.map((fields) => {
        const text = fields[column.index] ?? '';
        return isMissing(text, missing.marks) ? '' : text;
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
