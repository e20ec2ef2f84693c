import { dateForm, plainDateForms } from '../../sources/csv/date-forms.ts';
import { isMissing, missingSet, readBoolean, readNumber } from '../../sources/csv/values.ts';
import type { BatchFormat } from './batch-format.ts';
import type { CellRules } from './request-values.ts';

/** How the cells of a column are read. */
export function cellRules(
  column: string,
  { decimal, missing, dates }: Pick<BatchFormat, 'decimal' | 'missing' | 'dates'>,
): CellRules {
  const marks = missingSet(missing);
  const chosen = dateForm((Object.hasOwn(dates, column) && dates[column]) || '');
  const forms = chosen ? [chosen, ...plainDateForms] : plainDateForms;
  const first = (read: (form: (typeof forms)[number]) => string | undefined): string | undefined => {
    for (const form of forms) {
      const text = read(form);
      if (text !== undefined) return text;
    }
    return undefined;
  };
  return {
    isMissing: (text) => isMissing(text, marks),
    number: (text) => readNumber(text, { decimal }),
    boolean: readBoolean,
    date: (text) => first((form) => form.day(text)),
    time: (text) => first((form) => form.time(text)),
  };
}
