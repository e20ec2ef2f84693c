import { fewestValues } from '../../../training/forecasting/origins.ts';
import { seasonOf, type Time, type Unit } from '../../../training/forecasting/frequency.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import type { DateFormName } from '../../../sources/csv/date-forms.ts';
import type { InferredTable } from '../infer.ts';
import type { CsvFile } from '../read-csv.ts';
import { findSetAside, type SetAside } from '../set-aside/find-set-aside.ts';
import type { ForecastChoice } from './choose-forecast.ts';

/** Why a column is left out of a forecast. */
export const notInForecast = 'a forecast does not use it';

/** A project with a forecast before its files are written. */
export interface ForecastDraft extends ForecastChoice {
  readonly kind: 'forecast';
  readonly project: string;
  readonly csv: CsvFile;
  readonly rows: number;
  readonly madeUp: false;
  /** Forms of dates that the reader must know, by column. */
  readonly dateForms: ReadonlyMap<string, DateFormName>;
  /** Lines that a run sets aside. */
  readonly setAside: SetAside | undefined;
  /** The share of lines that may be set aside, where the caller says it. */
  readonly maxBadRows: number | undefined;
  readonly from: Time;
  readonly to: Time;
  /** Values ahead. */
  readonly horizon: number;
  /** How often the horizon is tested. */
  readonly folds: number;
  /** Values of a season; undefined for what is usual. */
  readonly season: number | undefined;
  /** Whether all values are above 0, so that errors can be given in percent. */
  readonly positive: boolean;
}

/** Values ahead by default. */
const usualHorizon: Readonly<Record<Unit, number>> = {
  hour: 24,
  day: 14,
  weekday: 10,
  week: 8,
  month: 12,
  quarter: 4,
  year: 3,
  number: 3,
};

const usualFolds = 3;

/** @throws PlatformError DATA_INVALID for series that are too short to be tested */
export function draftForecast(
  choice: ForecastChoice,
  {
    project,
    csv,
    table,
    maxBadRows,
  }: Pick<ForecastDraft, 'project' | 'csv' | 'maxBadRows'> & { readonly table: InferredTable },
): ForecastDraft {
  const { series, unit } = choice.read;
  const lengths = series.map(({ values }) => values.length).toSorted((one, other) => one - other);
  const plan =
    planTests(lengths[Math.floor(lengths.length / 2)] ?? 0, unit) ?? planTests(lengths.at(-1) ?? 0, unit);
  const [from, to] = [series.map(({ first }) => first), series.map(({ last }) => last)];
  if (!plan)
    throw new PlatformError('DATA_INVALID', {
      field: `column "${choice.value.name}" of ${csv.file}`,
      value: `${lengths.at(-1)} values`,
      remedy: `A forecast needs a series of at least ${fewestValues(1) + 1} values.`,
    });
  return {
    ...choice,
    ...plan,
    kind: 'forecast',
    project,
    csv,
    rows: table.rows,
    madeUp: false,
    dateForms: formsOf(choice),
    setAside: findSetAside({ csv, table }, [...choice.time.columns, choice.value]),
    maxBadRows,
    from: from.reduce((one, other) => (other < one ? other : one)),
    to: to.reduce((one, other) => (other > one ? other : one)),
    positive: series.every(({ values }) => values.every((value) => value > 0)),
  };
}

type TestPlan = Pick<ForecastDraft, 'horizon' | 'folds' | 'season'>;

/**
 * As many tests of as long a horizon as the history has room for: candidates are compared before the values that test,
 * or on them if nothing is left before. The season is dropped without room for two.
 */
function planTests(length: number, unit: Unit): TestPlan | undefined {
  const [usual, least] = [usualHorizon[unit], Math.max(1, Math.floor(usualHorizon[unit] / 3))];
  const season = seasonOf[unit];
  for (const period of new Set([season, 1])) {
    const room = length - fewestValues(period);
    const kept = { season: period === season ? undefined : period };
    if (room >= 2 * usualFolds * usual) return { ...kept, horizon: usual, folds: usualFolds };
    for (const most of [Math.floor(room / 2), room])
      if (most >= least) return { ...kept, horizon: Math.min(usual, most), folds: 1 };
  }
  return length > fewestValues(1)
    ? { season: season === 1 ? undefined : 1, horizon: 1, folds: 1 }
    : undefined;
}

function formsOf({ time, read: { reading } }: ForecastChoice): ForecastDraft['dateForms'] {
  const [column] = time.columns;
  const { form } = reading;
  return new Map(column && form?.asked && form.name !== 'year' ? [[column.name, form.name]] : []);
}
