import { formatDetail, PlatformError } from '../../kernel/errors.ts';
import type { DateFormName } from '../../sources/csv/date-forms.ts';
import { checkTypes, wordQuestions } from './ask-marks.ts';
import { checkDates } from './choose/check-dates.ts';
import { chooseModel, type ModelChoice, type ModelWish } from './choose/choose-model.ts';
import type { Question } from './choose/question.ts';
import { exampleOf } from './example.ts';
import { chooseForecast, type ForecastWish } from './forecast/choose-forecast.ts';
import { draftForecast, type ForecastDraft } from './forecast/draft-forecast.ts';
import { timesOf } from './forecast/choose-time.ts';
import type { InferredColumn } from './column.ts';
import { type DateForms, inferTable, type InferredTable, type StatedTypes } from './infer.ts';
import type { CsvFile } from './read-csv.ts';
import { findSetAside, type SetAside } from './set-aside/find-set-aside.ts';
import type { RepeatedLines } from './repeated-lines.ts';
import { badRowsQuestion } from './set-aside/max-bad-rows.ts';

/** A project before its files are written. */
export type Draft = ModelDraft | ForecastDraft;

export interface ModelDraft extends ModelChoice {
  readonly project: string;
  /** As it is copied into the project. */
  readonly csv: CsvFile;
  readonly rows: number;
  /** Columns of dates and times that a forecast could have. */
  readonly times: readonly InferredColumn[];
  /** Forms of dates that the reader must know, by column. */
  readonly dateForms: ReadonlyMap<string, DateFormName>;
  /** Lines that a run sets aside. */
  readonly setAside: SetAside | undefined;
  /** The share of lines that may be set aside, where the caller says it. */
  readonly maxBadRows: number | undefined;
  /** Undefined if all lines differ. */
  readonly repeated: RepeatedLines | undefined;
  /** A value of one line that is filled in everywhere it is asked for, if there is such a line. */
  readonly example: ReadonlyMap<InferredColumn, string | number | boolean>;
  /** Units by column, where they are known otherwise than by its name. */
  readonly units: ReadonlyMap<string, string>;
  /** Why times and numbers alone make no forecast. */
  readonly noForecast?: string | undefined;
  /** Whether the data is of our making. */
  readonly madeUp: boolean;
}

/** What a caller says of the project, by flags or on the terminal. */
export interface Wish extends ForecastWish, ModelWish {
  /** Forms of dates, by column. */
  readonly dates?: DateForms | undefined;
  /** What columns hold, where their cells leave it open. */
  readonly types?: StatedTypes | undefined;
  /** The share of lines that may be set aside. @default 0.05, and a question where more are */
  readonly maxBadRows?: number | undefined;
}

export interface DraftOptions extends Wish {
  readonly project: string;
  readonly units?: ModelDraft['units'];
  readonly madeUp?: boolean;
}

/** A draft, or what a person must decide first. */
export type Drafted = { readonly table: InferredTable } & (
  | { readonly draft: Draft; readonly questions?: undefined }
  | { readonly draft?: undefined; readonly questions: readonly Question[] }
);

/**
 * Decides what the columns of a CSV are for.
 * @throws PlatformError DATA_INVALID for data that no model can be made from, CONFIG_INVALID for a column that is not there
 */
export function draftProject(csv: CsvFile, options: DraftOptions): Drafted {
  const table = inferTable(csv, options);
  if (options.dates) checkDates(table, csv, options.dates);
  if (options.types) checkTypes(table, csv, options.types);
  const unsplit = badRowsQuestion(findSetAside({ csv, table }, []), options.maxBadRows);
  const unclear = wordQuestions(table, { without: options.without, allowed: options.maxBadRows });
  if (unsplit) return { table, questions: [unsplit, ...unclear] };
  const draft = unclear.length > 0 ? draftIfClear({ table, csv }, options) : undefined;
  const open = draft
    ? wordQuestions({ ...table, columns: columnsReadBy(draft) }, { allowed: options.maxBadRows })
    : unclear;
  if (open.length > 0) return { table, questions: open };
  const drafted = draft ? { table, draft } : draftOf({ table, csv }, options);
  const aside = badRowsQuestion(drafted.draft?.setAside, options.maxBadRows);
  return aside ? { table, questions: [aside] } : drafted;
}

/** The project if its unclear columns were as they seem; undefined where more is not decided. */
function draftIfClear(
  file: { readonly table: InferredTable; readonly csv: CsvFile },
  options: DraftOptions,
): Draft | undefined {
  try {
    return draftOf(file, options).draft;
  } catch (fault) {
    if (fault instanceof PlatformError) return undefined;
    throw fault;
  }
}

function columnsReadBy(draft: Draft): readonly InferredColumn[] {
  return draft.kind === 'forecast' ? [...draft.time.columns, draft.value] : usedColumns(draft);
}

function draftOf(
  { table, csv }: { readonly table: InferredTable; readonly csv: CsvFile },
  options: DraftOptions,
): Drafted {
  const { forecast, questions: open, reason } = forecastOf({ table, csv }, options);
  if (open) return { table, questions: open };
  if (forecast) return { table, draft: forecast };
  const { choice, questions } = chooseModel({ table, csv }, options);
  if (!choice) return { table, questions };
  return { table, draft: { ...draftModel(choice, { table, csv }, options), noForecast: reason } };
}

interface Forecast {
  readonly forecast?: ForecastDraft;
  /** What a person must decide first. */
  readonly questions?: readonly Question[] | undefined;
  /** Why a forecast that nobody asked for cannot be made. */
  readonly reason?: string | undefined;
}

function forecastOf(
  { table, csv }: { readonly table: InferredTable; readonly csv: CsvFile },
  options: DraftOptions,
): Forecast {
  const { choice, questions, reason } = chooseForecast({ table, csv }, options);
  if (!choice) return { questions, reason };
  try {
    return {
      forecast: draftForecast(choice, {
        project: options.project,
        csv,
        table,
        maxBadRows: options.maxBadRows,
      }),
    };
  } catch (fault) {
    if (fault instanceof PlatformError && options.kind === undefined)
      return { reason: formatDetail(fault.detail) };
    throw fault;
  }
}

function draftModel(
  choice: ModelChoice,
  { table, csv }: { readonly table: InferredTable; readonly csv: CsvFile },
  { project, units = new Map(), madeUp = false, maxBadRows }: DraftOptions,
): ModelDraft {
  const used = usedColumns(choice);
  return {
    ...choice,
    project,
    csv,
    rows: table.rows,
    units,
    madeUp,
    times: timesOf(table).flatMap(({ columns }) => columns),
    dateForms: new Map(used.flatMap((column) => formOf(column))),
    setAside: findSetAside({ csv, table }, used),
    repeated: table.repeated,
    maxBadRows,
    example: exampleOf(csv, choice),
  };
}

/** The columns that the project reads. */
export function usedColumns({
  roles,
  rowId,
}: Pick<ModelChoice, 'roles' | 'rowId'>): readonly InferredColumn[] {
  return roles
    .filter(
      ({ column, role, isFeature }) =>
        isFeature || role === 'target' || role === 'time' || role === 'group' || column === rowId,
    )
    .map(({ column }) => column);
}

function formOf({ name, dates }: InferredColumn): readonly (readonly [string, DateFormName])[] {
  const [form] = dates?.forms ?? [];
  return form?.asked ? [[name, form.name]] : [];
}
