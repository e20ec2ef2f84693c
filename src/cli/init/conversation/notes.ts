import { formatNames } from '../../../kernel/format-names.ts';
import { formatShare } from '../../../kernel/format-number.ts';
import { formatCount } from '../../../kernel/units.ts';
import type { Kind } from '../../../project/models/kind.ts';
import type { TargetKind } from '../choose/kind.ts';
import { usedColumns, type Draft, type ModelDraft } from '../draft.ts';
import { readTotals } from '../read-totals.ts';
import type { ForecastDraft } from '../forecast/draft-forecast.ts';
import type { InferredColumn } from '../column.ts';
import type { Leak } from '../choose/leaks.ts';
import type { CsvRecord } from '../../../sources/csv/records.ts';
import { isBlankTotal } from '../../../sources/csv/total-word.ts';
import type { CsvFile } from '../read-csv.ts';
import { formatAside, formatCauses, linesText } from '../set-aside/format-set-aside.ts';
import { flagText } from './flag-text.ts';
import { shortened } from './text-width.ts';
import { missingWordHints, oddColumnHints } from './word-notes.ts';

/** A line of what was assumed, or of what looks wrong. */
export interface Note {
  readonly level: 'info' | 'warning';
  readonly text: string;
}

/** What was assumed of the file, each with the flag that says otherwise. */
export function fileNotes({ guesses }: CsvFile): readonly Note[] {
  return guesses.map(({ message }) => ({ level: 'info', text: message }));
}

export function draftNotes(draft: Draft): readonly Note[] {
  return draft.kind === 'forecast' ? forecastNotes(draft) : modelNotes(draft);
}

function forecastNotes(draft: ForecastDraft): readonly Note[] {
  const { csv, time, value, series, dateForms } = draft;
  const used = [...time.columns, ...series, value];
  return [
    ...[...dateForms].map(([name, form]) => info(`The dates of ${name} are read as ${form}.`)),
    ...setAsideNotes(draft),
    ...totalNotes(csv, used, false),
    ...sentinelNotes([value]),
  ];
}

function modelNotes(draft: ModelDraft): readonly Note[] {
  const { csv, leaks, noForecast } = draft;
  const used = usedColumns(draft);
  return [
    ...(noForecast === undefined ? [] : [info(`A model instead of a forecast: ${noForecast}.`)]),
    ...choiceNotes(draft),
    ...[...draft.dateForms].map(([name, form]) => info(`The dates of ${name} are read as ${form}.`)),
    ...shortYearNotes(used),
    ...setAsideNotes(draft),
    ...totalNotes(csv, used, true),
    ...repeatedNotes(draft),
    ...sentinelNotes(used),
    ...missingWordHints(used).map(warning),
    ...oddColumnHints(draft.roles).map(warning),
    ...(draft.target.missing > 0
      ? [
          info(
            `${linesText(draft.target.missing)} without ${draft.target.name} ${draft.target.missing === 1 ? 'is' : 'are'} left out.`,
          ),
        ]
      : []),
    ...leaks.map((leak) => warning(leakText(leak, draft))),
  ];
}

const mostOthers = 4;
const longestName = 30;

/** What was decided for the caller of the target and its kind, each with the flag that decides otherwise. */
function choiceNotes({ target, others = [], kind, otherKind, madeUp }: ModelDraft): readonly Note[] {
  const names = others.map(({ value }) => shortened(value, longestName));
  const more = names.length - mostOthers;
  const some = more > 1 ? [...names.slice(0, mostOthers), `${formatCount(more)} more`] : names;
  return [
    ...(names.length > 0 && !madeUp
      ? [
          info(
            `${shortened(target.name, longestName)} is predicted; --target <column> predicts another one: ${some.join(', ').replace(/, (?=\S+ more$)/, ' and ')}.`,
          ),
        ]
      : []),
    ...(otherKind === undefined ? [] : [info(kindText(target, kind, otherKind))]),
  ];
}

const kindTexts: Readonly<Record<Kind, string>> = {
  number: 'taken as amounts',
  boolean: 'read as no and yes',
  class: 'taken as classes',
};

function kindText({ name, numbers }: InferredColumn, kind: Kind, other: TargetKind): string {
  const values = numbers ? `${numbers.least} to ${numbers.greatest}` : '';
  const all = kind === 'boolean' ? '0 and 1' : values;
  const otherwise = other === 'class' ? 'predicts them as classes' : 'predicts them as amounts';
  return `The values of ${name}, ${all}, are ${kindTexts[kind]}: ${flagText('--kind', [other])} ${otherwise}.`;
}

function leakText({ message, columns, derived }: Leak, { features }: ModelDraft): string {
  const isKept = derived.some((column) => features.includes(column));
  const named = isKept ? columns : derived;
  const it = named.length === 1 ? 'it' : 'them';
  const names = named.map(({ name }) => name);
  const text = message.replace(/^[a-z]/, (letter) => letter.toUpperCase());
  return isKept
    ? `${text}: a caller who knows ${it} needs no prediction. Leave ${it} out with ${flagText('--without', names)}.`
    : `${text}, so ${formatNames(names)} ${names.length === 1 ? 'is' : 'are'} left out: ${flagText('--with', names)} keeps ${it}.`;
}

/** Dates of birth with a year of two digits would otherwise lie in the future without a word. */
function shortYearNotes(columns: readonly InferredColumn[]): readonly Note[] {
  return columns.flatMap(({ name, dates, examples }) =>
    dates && examples.some((text) => hasShortYear.test(text.trim()))
      ? [
          warning(
            `The years of ${name} have two digits: 69 to 99 are read as 1969 to 1999, and 00 to 68 as 2000 to 2068. Write four digits where that is wrong.`,
          ),
        ]
      : [],
  );
}

const hasShortYear = /^\d{1,2}([./-])\s?(?:\d{1,2}|[a-z]{3,})\1\s?\d\d(?!\d)/i;

/** A note for each value, with the columns that have it. */
function sentinelNotes(columns: readonly InferredColumn[]): readonly Note[] {
  const found = columns.flatMap(({ name, numbers }) =>
    numbers?.sentinel ? [{ name, ...numbers.sentinel }] : [],
  );
  return [...new Set(found.map(({ value }) => value))].map((value) => {
    const where = found
      .filter((each) => each.value === value)
      .map(({ name, count }) => `${name} (${linesText(count)})`);
    const some = where.length > 4 ? [...where.slice(0, 3), `${where.length - 3} more columns`] : where;
    return warning(
      `${value} in ${some.join(', ').replace(/, (?=[^,]*$)/, ' and ')} may mean a missing value: ${flagText('--missing', [value])} reads it so.`,
    );
  });
}

/** The lines that a run sets aside, and the share of them that the project allows where the caller says it. */
function setAsideNotes({ setAside, maxBadRows }: Draft): readonly Note[] {
  return [
    ...(setAside
      ? [
          warning(
            `${formatAside(setAside)} cannot be read, so a run sets them aside. ${formatCauses(setAside)}`,
          ),
        ]
      : []),
    ...(maxBadRows === undefined
      ? []
      : [
          info(
            `The project has maxBadRows: ${maxBadRows}, so a run goes through with up to ${formatShare(maxBadRows)} of the lines set aside.`,
          ),
        ]),
  ];
}

/** Equal rows are in one subset: by their content, by their equal time, or by their equal group. */
function repeatedNotes({ repeated, rows }: ModelDraft): readonly Note[] {
  if (!repeated) return [];
  const { count, first } = repeated;
  const [repeat, are] = count === 1 ? ['repeats', 'it is'] : ['repeat', 'they are'];
  return [
    warning(
      `${linesText(count)} of ${formatCount(rows)} (${formatShare(count / rows)}) ${repeat} an earlier line, the first is line ${first.line}, the same as line ${first.repeats}. Equal lines train together or test together, so none is tested that was learned from, but each counts. If ${are} copies by mistake, remove them from the file, or in steps.ts.`,
    ),
  ];
}

function totalNotes(csv: CsvFile, used: readonly InferredColumn[], ofModel: boolean): readonly Note[] {
  const read = readTotals(csv, used);
  const byForm = csv.totals().filter(({ fields }) => isBlankTotal(fields));
  const [first, another] = byForm;
  const asOne = first && another ? [formNote(first, byForm.length)] : [];
  const others = another ? csv.totals().filter(({ fields }) => !isBlankTotal(fields)) : csv.totals();
  const found = others.map((total) => {
    const text = filledText(total);
    const run = !read.includes(total)
      ? 'A run sets it aside.'
      : ofModel
        ? 'The step `clean` leaves it out.'
        : 'But a run reads it: remove it from the file.';
    return warning(
      `Line ${total.line} looks like a total (${text}), so init does not count it as data. ${run}`,
    );
  });
  return [...asOne, ...found, ...subtotalNotes(csv)];
}

/** Of several totals that are known by their form. */
function formNote(first: CsvRecord, count: number): Note {
  return warning(
    `${linesText(count)} look like totals (the first is line ${first.line}: ${filledText(first)}), so init does not count them as data. A run sets them aside.`,
  );
}

function filledText({ fields }: CsvRecord): string {
  return fields.filter((field) => field.trim() !== '').join(', ');
}

function subtotalNotes(csv: CsvFile): readonly Note[] {
  const lines = csv.subtotals();
  const [first] = lines;
  if (!first) return [];
  const some = lines.length > 1 ? `${formatCount(lines.length)} lines say` : `Line ${first.line} says`;
  const word = first.fields.find((field) => field.trim() !== '') ?? '';
  return [
    warning(
      `${some} ${JSON.stringify(word.trim())}${lines.length > 1 ? `, the first is line ${first.line}` : ''}: if ${lines.length > 1 ? 'they are sums of others, remove them' : 'it is a sum of others, remove it'} from the file or leave ${lines.length > 1 ? 'them' : 'it'} out in steps.ts.`,
    ),
  ];
}

function info(text: string): Note {
  return { level: 'info', text };
}

function warning(text: string): Note {
  return { level: 'warning', text };
}
