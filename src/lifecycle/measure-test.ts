import { PlatformError } from '../kernel/errors.ts';
import type { Target } from '../project/models/kind.ts';
import type { Measure } from '../project/models/measure.ts';
import { metricsOf, type ScoredRows } from '../training/metrics/metrics-of.ts';
import { selectScored } from '../training/metrics/scored-rows.ts';

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
  return (scored, { rows: drawn = Int32Array.from(scored.truth.keys()), names } = {}) => {
    const isAsked = (name: string): boolean => names?.includes(name) ?? true;
    const asked = metrics.filter(isAsked);
    const figures: Record<string, number> =
      asked.length === 0 ? {} : only(asked, selectScored(scored, drawn));
    for (const measure of measures) {
      if (!isAsked(measure.name)) continue;
      if ('of' in measure) {
        const some = drawn.filter((row) => chosen.get(measure.name)?.[row]);
        figures[measure.name] = only([measure.of], selectScored(scored, some))[measure.of] ?? Number.NaN;
      } else {
        const tested = Array.from(drawn, (row) => testedRow(target, scored, { row, of: rows[row] ?? {} }));
        figures[measure.name] = numberOf(measure.name, measure.value(tested as never));
      }
    }
    return figures;
  };
}

function only(names: readonly string[], scored: ScoredRows): Readonly<Record<string, number>> {
  const metrics: Readonly<Record<string, number | undefined>> = metricsOf(scored);
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
