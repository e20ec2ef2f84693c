import { coerce } from '../../sources/csv-values.ts';
import { chooseColumns, chooseSplit, chooseTarget, type Choice } from './choose.ts';
import type { InferredColumn } from './column.ts';
import { chooseForecast, type ForecastWish } from './forecast/choose-forecast.ts';
import { timesOf } from './forecast/choose-time.ts';
import { draftForecast, type ForecastDraft } from './forecast/draft-forecast.ts';
import { inferTable, type InferredTable } from './infer.ts';
import type { CsvFile } from './read-csv.ts';
import { withLineNumbers } from './line-numbers.ts';

/** A project before its files are written. */
export type Draft = ModelDraft | ForecastDraft;

export interface ModelDraft extends Choice {
  readonly project: string;
  /** As it is copied into the project. */
  readonly csv: CsvFile;
  readonly rows: number;
  /** Whether the copy has a column of line numbers that the file itself lacks. */
  readonly numbered: boolean;
  /** Columns of dates and times. */
  readonly times: readonly InferredColumn[];
  /** A field of one line that is filled in everywhere it is asked for, if there is such a line. */
  readonly example: ReadonlyMap<InferredColumn, string | number | boolean>;
  /** Units by column, where they are known otherwise than by its name. */
  readonly units: Readonly<Record<string, string>>;
  /** Whether the data is of our making. */
  readonly madeUp: boolean;
}

export interface DraftOptions extends ForecastWish {
  readonly project: string;
  /** @default the last column that can be predicted */
  readonly target: string | undefined;
  readonly units: ModelDraft['units'];
  readonly madeUp: boolean;
}

/**
 * Decides what the columns of a CSV are for. Without a column that orders or names its lines it gets one that numbers them.
 * @throws PlatformError DATA_INVALID for data that no model can be made from, CONFIG_INVALID for a target that is no column
 */
export function draftProject(given: CsvFile, options: DraftOptions): Draft {
  const inferred = inferTable(given);
  const forecast = chooseForecast({ table: inferred, csv: given }, options);
  return forecast
    ? draftForecast(forecast, { project: options.project, csv: given, rows: inferred.rows })
    : draftModel(given, inferred, options);
}

function draftModel(given: CsvFile, inferred: InferredTable, options: DraftOptions): ModelDraft {
  const split = chooseSplit(inferred, chooseTarget(inferred, given.file, options.target));
  const csv = split ? given : withLineNumbers(given);
  const table = split ? inferred : inferTable(csv);
  const target = chooseTarget(table, csv.file, options.target);
  const chosen = chooseColumns(table, { target, split: chooseSplit(table, target) ?? {} }, csv.file);
  const { project, units, madeUp } = options;
  return {
    ...chosen,
    project,
    units,
    madeUp,
    csv,
    rows: table.rows,
    numbered: !split,
    times: timesOf(table).flatMap(({ columns }) => columns),
    example: exampleOf(csv, chosen),
  };
}

/** The values of the line whose target is nearest the mean, of those that leave nothing blank. */
function exampleOf(csv: CsvFile, { target, asked }: Choice): ModelDraft['example'] {
  const positions = asked.map((column) => ({ column, at: csv.header.indexOf(column.name) }));
  const targetAt = csv.header.indexOf(target.name);
  let best:
    | { readonly blanks: number; readonly distance: number; readonly fields: readonly string[] }
    | undefined;
  for (const { fields } of csv.records()) {
    const blanks = positions.filter(({ at }) => fields[at] === '').length;
    const distance =
      fields[targetAt] === '' ? Infinity : Math.abs(Number(fields[targetAt]) - (target.numbers?.mean ?? 0));
    if (!best || blanks < best.blanks || (blanks === best.blanks && distance < best.distance))
      best = { blanks, distance, fields };
  }
  return new Map(
    positions.flatMap(({ column, at }) => {
      const text = best?.fields[at] ?? '';
      const value = text === '' || !column.type ? undefined : coerce(text, column.type);
      return value === undefined ? [] : [[column, value] as const];
    }),
  );
}
