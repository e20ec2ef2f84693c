import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Measure } from '../../project/models/measure.ts';
import { type MetricsOfDraw, metricsOfDraws } from '../../training/metrics/drawn-rows.ts';
import { metricsOf, type ScoredRows } from '../../training/metrics/metrics-of.ts';
import { selectScored } from '../../training/metrics/scored-rows.ts';

/** A measure of the project with its function, as a task loads it. */
export type LoadedMeasure =
  | { readonly name: string; readonly of: string; readonly where: (row: never) => boolean }
  | { readonly name: string; readonly value: Extract<Measure, { readonly value: unknown }>['value'] };

/** Figures of predictions by name. */
export type Measuring = (
  scored: ScoredRows,
  options?: {
    /** Indexes among the test rows. @default all */
    readonly rows?: Int32Array;
    /** How often each test row is among `rows`, where it is known: metrics of a draw then cost less. */
    readonly times?: Int32Array;
    /** @default every metric and measure of the model */
    readonly names?: readonly string[];
  },
) => Readonly<Record<string, number>>;

/**
 * Prepares the metrics and measures of a model over its test rows. NaN is not measured.
 * @param rows one for each test row; only read if there are measures
 * @throws PlatformError USER_CODE_FAILED for a `where` that does not return true or false, or a `value` without a number
 */
export function measuring({
  target,
  metrics,
  measures,
  rows,
}: {
  readonly target: Target;
  readonly metrics: readonly string[];
  readonly measures: readonly LoadedMeasure[];
  readonly rows: readonly object[];
}): Measuring {
  const chosen = new Map(
    measures.map((measure) => [
      measure.name,
      'where' in measure ? rows.map((row) => isChosen(measure, row)) : [],
    ]),
  );
  const metricsOfRows = drawnOrSelected();
  return (scored, { rows: drawn = Int32Array.from(scored.truth.keys()), times, names } = {}) => {
    const isAsked = (name: string): boolean => names?.includes(name) ?? true;
    const asked = metrics.filter(isAsked);
    const figures: Record<string, number> =
      asked.length === 0 ? {} : only(asked, metricsOfRows(scored, drawn, times));
    for (const measure of measures) {
      if (!isAsked(measure.name)) continue;
      if ('of' in measure) {
        const isMeasured = (row: number): boolean => chosen.get(measure.name)?.[row] === true;
        const some = times ? drawn : drawn.filter(isMeasured);
        const someTimes = times?.map((count, row) => (isMeasured(row) ? count : 0));
        figures[measure.name] =
          only([measure.of], metricsOfRows(scored, some, someTimes))[measure.of] ?? Number.NaN;
      } else {
        const tested = Array.from(drawn, (row) => testedRow(target, scored, { row, of: rows[row] ?? {} }));
        figures[measure.name] = numberOf(measure.name, measure.value(tested as never));
      }
    }
    return figures;
  };
}

type Metrics = Readonly<Record<string, number | undefined>>;

/** Metrics of rows: of a draw without a copy, of others as `metricsOf` of the selected rows. */
function drawnOrSelected(): (scored: ScoredRows, rows: Int32Array, times?: Int32Array) => Metrics {
  const prepared = new WeakMap<ScoredRows, MetricsOfDraw>();
  return (scored, rows, times) => {
    if (!times) return metricsOf(selectScored(scored, rows));
    const drawn = prepared.get(scored) ?? metricsOfDraws(scored);
    prepared.set(scored, drawn);
    return drawn(times);
  };
}

function only(names: readonly string[], metrics: Metrics): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((name) => [name, metrics[name] ?? Number.NaN]));
}

function isChosen(measure: Extract<LoadedMeasure, { readonly where: unknown }>, row: object): boolean {
  const chosen: unknown = measure.where(row as never);
  if (typeof chosen === 'boolean') return chosen;
  throw new PlatformError('USER_CODE_FAILED', {
    field: `measures.${measure.name}.where`,
    value: chosen,
    remedy: 'must return true or false for every row',
  });
}

function numberOf(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw new PlatformError('USER_CODE_FAILED', {
    field: `measures.${name}.value`,
    value,
    remedy: 'must return a number; NaN for a figure that these rows do not have',
  });
}

/** `Tested` of a project: the truth and the prediction as values of the target's column. */
function testedRow(
  target: Target,
  scored: ScoredRows,
  { row, of }: { readonly row: number; readonly of: object },
): object {
  const truth = scored.truth[row] as number;
  switch (scored.kind) {
    case 'number':
      return { row: of, truth, prediction: scored.predicted[row] };
    case 'boolean':
      return { row: of, truth: truth === 1, prediction: scored.probability[row] };
    case 'class': {
      const classes = target.kind === 'class' ? target.classes : [];
      const prediction = Object.fromEntries(
        classes.map((name, index) => [name, scored.probabilities[index]?.[row]]),
      );
      return { row: of, truth: classes[truth], prediction };
    }
  }
}
