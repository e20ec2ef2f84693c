import { daysOf, millisecondsOf } from '../../data/calendar.ts';
import { type DateForm, dateForm, dateForms, plainDateForms } from './date-forms.ts';

/** Reads a cell as an ISO date or time; undefined for a cell of another form. */
export type ReadDate = (text: string) => string | undefined;

/** Dates as 2024-01-31. @param form one that a column needs an option for; others are read too */
export function dateReader(form: string | undefined): ReadDate {
  const forms = formsOf(form);
  return (text) => (daysOf(text) === undefined ? firstOf(forms, (each) => each.day(text)) : text);
}

/** Times as 2024-01-31T12:00:00Z; ISO times stay as they are, and a date is the start of its day. */
export function timeReader(form: string | undefined): ReadDate {
  const forms = formsOf(form);
  return (text) => {
    const bare = text.trim();
    if (isIsoTime(bare)) return bare;
    const time = firstOf(forms, (each) => each.time(bare));
    if (time !== undefined) return time;
    const day = firstOf(forms, (each) => each.day(bare));
    return day === undefined ? undefined : `${day}T00:00:00Z`;
  };
}

function isIsoTime(text: string): boolean {
  return /(?:Z|[+-]\d{2}:\d{2})$/.test(text) && millisecondsOf(text) !== undefined;
}

function formsOf(name: string | undefined): readonly DateForm[] {
  const form = name === undefined ? undefined : dateForm(name);
  return form ? [form, ...plainDateForms] : plainDateForms;
}

function firstOf(
  forms: readonly DateForm[],
  read: (form: DateForm) => string | undefined,
): string | undefined {
  for (const form of forms) {
    const found = read(form);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The option that would read a date of another form: 'dates: { day: 'D/M/Y' } (2023-02-01) or …'. */
export function dateHint(text: string, column: string): string | undefined {
  const readings = dateForms
    .filter((form) => form.asked)
    .flatMap((form) => {
      const day = form.day(text);
      return day === undefined ? [] : [`'${form.name}' reads it as ${form.time(text) ?? day}`];
    });
  if (readings.length === 0) return undefined;
  const key = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(column) ? column : JSON.stringify(column);
  return `Set \`dates: { ${key}: … }\`: ${readings.join(', ')}.`;
}
