import { formatExact, formatNumber, type NumberForm, numberForm } from '../kernel/format-number.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Report } from '../training/report/report.ts';
import { fieldTexts } from './requested-field.ts';

/** How a report writes the columns of its rows. */
export interface ReportFields {
  readonly title: (column: string) => string;
  readonly form: (column: string) => NumberForm;
  /** Names in the caller's order; those that a report does not list come last. */
  readonly inOrder: (columns: readonly string[]) => readonly string[];
  /** '450 to 1,600', '1984', 'Bergen' */
  readonly groupName: (column: string, group: Group) => string;
}

type Group = Pick<Report['segments'][number]['groups'][number], 'value' | 'range'>;

/** @param schema the JSON Schema of the model's requests; undefined if the project does not have the model any more */
export function reportFields({ columns = [] }: Report, schema: JsonObject = {}): ReportFields {
  const positions = new Map(columns.map(({ name }, position) => [name, position]));
  const ranges = new Map(columns.map(({ name, range }) => [name, range]));
  const form = (name: string): NumberForm =>
    numberForm({ name, unit: fieldTexts(name, schema).unit, range: ranges.get(name) });
  return {
    title: (name) => fieldTexts(name, schema).title,
    form,
    inOrder: (names) =>
      names.toSorted((a, b) => (positions.get(a) ?? columns.length) - (positions.get(b) ?? columns.length)),
    groupName(column, { value, range }) {
      if (range) return range.map((end) => formatExact(end, form(column))).join(' to ');
      if (value === 'true' || value === 'false') return value === 'true' ? 'yes' : 'no';
      const isNumber = ranges.get(column) !== undefined && Number.isFinite(Number(value));
      return isNumber ? formatNumber(Number(value), form(column)) : value;
    },
  };
}
