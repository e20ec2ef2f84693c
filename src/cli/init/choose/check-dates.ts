import { PlatformError } from '../../../kernel/errors.ts';
import { dateForm } from '../../../sources/csv/date-forms.ts';
import { isMissing, missingSet } from '../../../sources/csv/values.ts';
import type { BadCell, InferredColumn } from '../column.ts';
import { type DateForms, inferTable, type InferredTable } from '../infer.ts';
import type { CsvFile } from '../read-csv.ts';
import { columnNamed } from './column-named.ts';

/**
 * Refuses a form of `--dates` that the column does not have.
 * @throws PlatformError CONFIG_INVALID with the first cell that does not fit and the form that does
 */
export function checkDates(table: InferredTable, csv: CsvFile, dates: DateForms): void {
  for (const [name, form] of dates) {
    const column = columnNamed(name, table.columns, { file: csv.file, option: '--dates' });
    if (form === 'year') throw yearsAreNumbers(name);
    const fits = column.dates?.forms.some((each) => each.name === form) ?? false;
    if (fits && !column.bad) continue;
    const odd = firstMisfit(column, csv, form);
    if (!odd) continue;
    const [better] = formsWithout(column, csv);
    // A few bad cells are set aside, unless all of them fit another form.
    if (fits && !better) continue;
    throw new PlatformError('CONFIG_INVALID', {
      field: '--dates',
      value: `${name}=${form}`,
      remedy: `does not fit line ${odd.line} of ${csv.file}, where "${name}" is ${JSON.stringify(odd.text)}: ${better === undefined ? 'no form fits the whole column' : `use "${name}=${better}"`}`,
    });
  }
}

function yearsAreNumbers(name: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: '--dates',
    value: `${name}=year`,
    remedy: `must be a form of days or times: a year is a number, and --time ${JSON.stringify(name)} orders the lines by it`,
  });
}

function firstMisfit({ index }: InferredColumn, csv: CsvFile, name: string): BadCell | undefined {
  const missing = missingSet(csv.missing);
  const form = dateForm(name);
  for (const { fields, line } of csv.records()) {
    const text = fields[index] ?? '';
    if (!isMissing(text, missing) && form?.day(text) === undefined) return { line, text };
  }
  return undefined;
}

/** The forms of the column's dates, if no form is named and every cell fits. */
function formsWithout({ index }: InferredColumn, csv: CsvFile): readonly string[] {
  const column = inferTable(csv).columns[index];
  return column?.bad ? [] : (column?.dates?.forms.map(({ name }) => name) ?? []);
}
