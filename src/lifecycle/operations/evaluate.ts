import { z } from 'zod';
import { readColumns, readRows } from '../../data/table-reader.ts';
import { lookupDefinition } from '../../features/lookup.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { formatMetric, metricTitle } from '../../registry/format-metric.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { measurement } from '../../pipeline/facts.ts';
import { type OperationContext, taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Features, Model } from '../../project/model.ts';
import { type ConstantPrediction, medianPrediction } from '../../training/baseline.ts';
import { regressionMetrics } from '../../training/metrics/regression.ts';
import { subsets } from '../../training/split.ts';
import { versionCode, versionCodeSchema } from '../version-code.ts';
import { openVersionPredictor, type PredictorRow } from '../version-predictor.ts';
import type { NumberPrediction, Prediction } from '../../project/prediction.ts';
import { lookUpRow, lookupDefinitions, openTaskLookups, viewInputs } from '../lookups.ts';
import { asTable, readSubsets } from '../training-rows.ts';
import { requestOf } from '../request-of.ts';
import { features } from './features.ts';
import { split } from './split.ts';
import { train } from './train.ts';

const measured = z.record(z.string(), measurement);
const facts = z.object({
  metrics: measured,
  rows: z.number(),
  /** Metrics of the constant that fits the training rows best, on the same test rows. */
  baseline: z.object({ predicts: z.enum(['median', 'majority']), metrics: measured }),
});

/** How many test rows are predicted together. */
const blockRows = 4096;

/** The metrics of a version on the test rows, and the code behind the predictions: equal code is the same version. */
export const evaluation = facts.extend({
  code: versionCodeSchema,
});
export type Evaluation = z.infer<typeof evaluation>;

const params = z.object({
  target: z.string(),
  metrics: z.array(z.string()),
  interval: z.number(),
  lookups: z.array(lookupDefinition),
});

/**
 * Predicts every test row as a caller would, and measures the predictions; in: `rows`, `subsets`, `model` and, if the model's
 * own code computed these rows, the `matrix`; out: `metrics`. The champion is measured by the same operation on the
 * candidate's rows.
 */
export const evaluate = taskOperation({
  name: 'evaluate',
  description: 'Measures the model on rows that it has not seen.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', model: 'files', matrix: 'table?', 'view-*': 'table?' },
  outputs: { metrics: { kind: 'value' } },
  params,
  facts,
  process: 'own',
  async plan(model, planning) {
    return {
      inputs: {
        rows: tableInput(model.rows),
        subsets: planning.from(split, 'subsets'),
        model: planning.from(train, 'model'),
        matrix: planning.from(features, 'matrix'),
        ...viewInputs(model),
      },
      code: { ...(await versionCode(model, planning)) },
      params: evaluationParams(model),
    };
  },
  async run(context) {
    const { target, metrics: names, interval } = context.params;
    const rows = asTable(await context.input('rows'), 'rows');
    const subsetOfRow = await readSubsets(context);
    const readyFeatures = await readFeatures(context);
    const code = versionCodeSchema.parse(context.spec.code);
    const predictor = await openVersionPredictor({
      code,
      load: (name) => context.code(name),
      folder: await context.input('model'),
      blobs: context.blobs,
    });
    const lookups = await openTaskLookups(
      readyFeatures && !predictor.needsRequest ? [] : context.params.lookups,
      context,
    );
    const scored = {
      truth: [] as number[],
      predicted: [] as number[],
      low: [] as number[],
      high: [] as number[],
    };
    const learned: number[] = [];
    let block: (PredictorRow & { readonly truth: number })[] = [];
    const score = async (): Promise<void> => {
      for (const [index, { prediction }] of (await predictor.predict(block)).entries()) {
        const { value, interval: range } = asNumber(prediction);
        scored.truth.push(block[index]?.truth ?? Number.NaN);
        scored.predicted.push(value);
        scored.low.push(range?.low ?? Number.NaN);
        scored.high.push(range?.high ?? Number.NaN);
      }
      block = [];
    };
    let at = 0;
    for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, context.blobs)) {
      if (subsetOfRow[at] === subsets.test) {
        const ready = readyFeatures?.(at);
        const request =
          ready && !predictor.needsRequest ? undefined : requestOf(row, predictor.requestSchema, at);
        const found = lookUpRow(lookups, { row, number: at, request });
        block.push({
          truth: Number(row[target]),
          request,
          lookups: found,
          ...(ready && { features: ready }),
        });
        if (block.length === blockRows) await score();
      }
      if (subsetOfRow[at] === subsets.train || subsetOfRow[at] === subsets.validation)
        learned.push(Number(row[target]));
      at += 1;
      if (at % 20_000 === 0) context.emit({ type: 'progress', done: at, total: rows.rows, what: 'rows' });
    }
    await score();
    const measuredOn = {
      metrics: only(names, regressionMetrics(scored)),
      rows: scored.truth.length,
      baseline: {
        predicts: 'median' as const,
        metrics: only(
          names,
          constantMetrics(scored.truth, medianPrediction(Float64Array.from(learned), interval)),
        ),
      },
    };
    const value = { ...measuredOn, code } as unknown as JsonObject;
    return { outputs: { metrics: { kind: 'value', value } }, facts: measuredOn };
  },
  summary: ({ metrics }) =>
    Object.entries(metrics)
      .slice(0, 1)
      .map(([metric, value]) => `${metricTitle(metric)} ${formatMetric(value)}`)
      .join(''),
  records: ({ metrics, rows }) => ({ metrics: { ...metrics, testRows: rows }, datasets: ['metrics'] }),
});

/** The features of each row, if training has already computed them with the same code. */
async function readFeatures(context: OperationContext): Promise<((row: number) => Features) | undefined> {
  if (!context.spec.inputs['matrix']) return undefined;
  const matrix = asTable(await context.input('matrix'), 'matrix');
  const columns = Object.entries(
    await readColumns(
      matrix,
      context.blobs,
      matrix.schema.columns.map(({ name }) => name),
    ),
  );
  return (row) => Object.fromEntries(columns.map(([name, values]) => [name, Number(values[row])]));
}

/** The params of an evaluation by today's declaration of `model`. */
export function evaluationParams(model: Model): z.infer<typeof params> {
  const { target, metrics, interval } = model;
  return { target, metrics: [...metrics], interval, lookups: lookupDefinitions(model) };
}

function constantMetrics(
  truth: readonly number[],
  { value, low, high }: ConstantPrediction,
): Readonly<Record<string, number>> {
  const repeated = (constant: number): Float64Array => new Float64Array(truth.length).fill(constant);
  return regressionMetrics({
    truth,
    predicted: repeated(value),
    low: repeated(low),
    high: repeated(high),
  });
}

function only(
  names: readonly string[],
  metrics: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(names.map((metric) => [metric, metrics[metric] ?? Number.NaN]));
}

function asNumber(prediction: Prediction): NumberPrediction {
  if (prediction.kind === 'number') return prediction;
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'prediction',
    value: prediction.kind,
    remedy: `It predicts a ${prediction.kind}; this build only measures predicted numbers.`,
  });
}
