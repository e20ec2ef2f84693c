import { z } from 'zod';
import { lookupDefinition, type LookupDefinition } from '../../features/lookup.ts';
import type { OperationContext, Planning } from '../../pipeline/operation.ts';
import { measurement } from '../../pipeline/facts.ts';
import type { CodeRef } from '../../pipeline/task.ts';
import type { Measure } from '../../project/models/measure.ts';
import type { Model } from '../../project/models/model.ts';
import { standardErrors } from '../../training/standard-error.ts';
import type { BestConstant } from './constant-baseline.ts';
import type { LoadedMeasure, Measuring } from './measure-test.ts';
import type { ScoredTest } from '../rows/scored-table.ts';
import { targetSchema } from '../version/prediction-rule.ts';
import { versionCodeSchema } from '../version/version-code.ts';

const measured = z.record(z.string(), measurement);

/** Figures of a version on the test rows, and of what it is compared with. */
export const evaluationFacts = z.object({
  /** Of every metric and measure of the model, over all periods. */
  metrics: measured,
  rows: z.number(),
  /** Identifies the test rows. Absent in results of earlier releases. */
  testData: z.string().exactOptional(),
  /** Standard errors of `metrics`. */
  standardErrors: measured,
  /**
   * The constant that is best by the rule's metric; yes where that counts only what is predicted as yes. `standardError` is
   * that of the difference to it in the rule's metric.
   */
  baseline: z.object({
    predicts: z.enum(['median', 'mean', 'shares', 'yes']),
    metrics: measured,
    standardError: measurement,
  }),
  /** The project's baselines, by name. */
  baselines: z.record(z.string(), z.object({ metrics: measured, standardError: measurement })),
  /** Of each period of a walk-forward split, in order. */
  periods: z.array(z.object({ period: z.number(), rows: z.number(), metrics: measured })),
  /** Features that alone predict the target too well. */
  leaks: z.array(
    z.object({
      feature: z.string(),
      by: z.enum(['rank correlation', 'AUC', 'accuracy']),
      value: z.number(),
    }),
  ),
});
export type EvaluationFacts = z.infer<typeof evaluationFacts>;

/** The figures of a version, and the code behind its predictions: equal code is the same version. */
export const evaluation = evaluationFacts.extend({ code: versionCodeSchema });
export type Evaluation = z.infer<typeof evaluation>;

/** What is measured, by today's declaration of a model. */
export const measuringParams = {
  column: z.string(),
  target: targetSchema,
  metrics: z.array(z.string()),
  /** The metric of a measure over some rows; null for a measure with a function of its own. */
  measures: z.array(z.object({ name: z.string(), of: z.string().nullable() })),
  /** The metric or measure of the promotion rule. */
  when: z.string(),
};

export const evaluationParams = z.object({
  ...measuringParams,
  /** Which values of `when` are better. */
  better: z.enum(['lower', 'higher']),
  interval: z.number(),
  /** Rows with equal values are drawn together for standard errors. */
  cluster: z.enum(['group', 'order']),
  /** The column that orders rows; null without an order. */
  time: z.string().nullable(),
  /** Names of the project's baselines that the input `baselines` has. */
  baselines: z.array(z.string()),
  lookups: z.array(lookupDefinition),
});

export function measuringParamsOf(model: Model): {
  [Name in keyof typeof measuringParams]: z.infer<(typeof measuringParams)[Name]>;
} {
  return {
    column: model.target,
    target: model.targetKind,
    metrics: [...model.metrics],
    measures: Object.entries(model.measures).map(([name, measure]) => ({
      name,
      of: 'of' in measure ? measure.of : null,
    })),
    when: model.promote.when.metric,
  };
}

/** The params of an evaluation by today's declaration of `model`. @param lookups of the version that is measured */
export function evaluationParamsOf(
  model: Model,
  lookups: readonly LookupDefinition[],
): z.infer<typeof evaluationParams> {
  const { by, group, rows } = model.split;
  return {
    ...measuringParamsOf(model),
    better: model.promote.when.better,
    interval: model.interval,
    cluster: group !== undefined || rows === 'independent' ? 'group' : 'order',
    time: by ?? null,
    baselines: Object.keys(model.baselines),
    lookups: [...lookups],
  };
}

const codeOf = (name: string): string => `measure ${name}`;

/** The functions of a model's measures, as code of its tasks. */
export async function measureCode(
  { name: model, measures }: Model,
  { bundle }: Pick<Planning, 'bundle'>,
): Promise<Readonly<Record<string, CodeRef>>> {
  const code: Record<string, CodeRef> = {};
  for (const [name, measure] of Object.entries(measures)) {
    const [field, value] = functionOf(measure);
    code[codeOf(name)] = await bundle(value, `models.${model}.measures.${name}.${field}`);
  }
  return code;
}

function functionOf(measure: Measure): readonly [string, unknown] {
  return 'of' in measure ? ['where', measure.where] : ['value', measure.value];
}

/** Divides the code of a task into that of the version and that of the measures. */
export function divideCode(code: Readonly<Record<string, CodeRef>>): {
  readonly version: Readonly<Record<string, CodeRef>>;
  readonly measures: Readonly<Record<string, CodeRef>>;
} {
  const isMeasure = ([name]: readonly [string, CodeRef]): boolean => name.startsWith(codeOf(''));
  const entries = Object.entries(code);
  return {
    version: Object.fromEntries(entries.filter((entry) => !isMeasure(entry))),
    measures: Object.fromEntries(entries.filter(isMeasure)),
  };
}

export async function loadMeasures(
  context: Pick<OperationContext, 'code'>,
  measures: readonly { readonly name: string; readonly of: string | null }[],
): Promise<readonly LoadedMeasure[]> {
  return Promise.all(
    measures.map(async ({ name, of }): Promise<LoadedMeasure> => {
      if (of !== null) return { name, of, where: await context.code(codeOf(name)) };
      return { name, value: await context.code(codeOf(name)) };
    }),
  );
}

/** What `constant` of the test rows is. */
type ConstantName = BestConstant['predicts'];

/**
 * The figures of scored test rows.
 * @param when the metric of the promotion rule
 * @param predicts what the best constant of `test` is
 */
export function measureTest(
  test: ScoredTest,
  measure: Measuring,
  {
    metrics,
    measures,
    when,
    predicts: best,
  }: Pick<z.infer<typeof evaluationParams>, 'metrics' | 'measures' | 'when'> & {
    readonly predicts: ConstantName;
  },
): Omit<EvaluationFacts, 'leaks' | 'testData'> {
  const { version, baselines } = test;
  const measured = measures.find(({ name }) => name === when)?.of ?? when;
  const { predicts, constant } = baselineFor(measured, test, best);
  const named = [...new Set([...metrics, when])];
  const errors = standardErrors(test.cluster, (rows, times) => {
    const figures = measure(version, { rows, times, names: named });
    const toOther = (scored: ScoredTest['version']): number =>
      (figures[when] ?? Number.NaN) - (measure(scored, { rows, times, names: [when] })[when] ?? Number.NaN);
    return {
      ...prefixed('metric', figures),
      constant: toOther(constant),
      ...prefixed(
        'baseline',
        Object.fromEntries(Object.entries(baselines).map(([name, scored]) => [name, toOther(scored)])),
      ),
    };
  });
  const errorOf = (name: string): number => errors[name] ?? Number.NaN;
  return {
    metrics: measure(version),
    rows: version.truth.length,
    standardErrors: Object.fromEntries(named.map((name) => [name, errorOf(`metric ${name}`)])),
    baseline: {
      predicts,
      metrics: measure(constant),
      standardError: errorOf('constant'),
    },
    baselines: Object.fromEntries(
      Object.entries(baselines).map(([name, scored]) => [
        name,
        { metrics: measure(scored), standardError: errorOf(`baseline ${name}`) },
      ]),
    ),
    periods: byPeriod(test, measure),
  };
}

/** A constant that never predicts yes has no precision, and an F1 that every version beats. */
function baselineFor(
  metric: string,
  { version, constant = version }: ScoredTest,
  predicts: ConstantName,
): { readonly predicts: EvaluationFacts['baseline']['predicts']; readonly constant: ScoredTest['version'] } {
  if (version.kind === 'boolean' && (metric === 'precision' || metric === 'f1'))
    return {
      predicts: 'yes',
      constant: { ...version, probability: new Float64Array(version.truth.length).fill(1) },
    };
  return { predicts, constant };
}

function prefixed(
  prefix: string,
  values: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix} ${name}`, value]));
}

/** Empty for one period. */
function byPeriod({ period, version }: ScoredTest, measure: Measuring): EvaluationFacts['periods'] {
  const periods = [...new Set(period)].toSorted((a, b) => a - b);
  if (periods.length < 2) return [];
  return periods.map((index) => {
    const rows = Int32Array.from(period.keys()).filter((row) => period[row] === index);
    return { period: index, rows: rows.length, metrics: measure(version, { rows }) };
  });
}
