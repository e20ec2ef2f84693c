import { z } from 'zod';
import { readColumns, readRows } from '../../data/table-reader.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { formatMetric, metricTitle } from '../../registry/format-metric.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { measurement } from '../../pipeline/facts.ts';
import { type OperationContext, taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Features, Model } from '../../project/model.ts';
import type { CodeRef } from '../../pipeline/task.ts';
import { type ConstantPrediction, medianPrediction } from '../../training/baseline.ts';
import { regressionMetrics } from '../../training/metrics.ts';
import { subsets } from '../../training/split.ts';
import { checkedPredictor } from '../checked-predictor.ts';
import { type FeatureCode, featuresOf, matrixOf } from '../feature-code.ts';
import { loadTrainer } from '../learning.ts';
import type { NumberPrediction, Prediction } from '../../project/prediction.ts';
import { asTable, readSubsets } from '../training-rows.ts';
import { versionCode } from '../version-code.ts';
import { readModelFile } from '../version-folder.ts';
import { features, requestOf } from './features.ts';
import { split } from './split.ts';
import { train } from './train.ts';

const codeRef = z.custom<CodeRef>((value) => typeof value === 'object' && value !== null);
const measured = z.record(z.string(), measurement);
const facts = z.object({
  metrics: measured,
  rows: z.number(),
  /** Of the constant that fits the training rows best, on the same test rows. */
  baseline: z.object({ predicts: z.enum(['median', 'majority']), metrics: measured }),
});

/** Test rows that are predicted together. */
const blockRows = 4096;

/** The metrics of a version on the test rows, and the code that answered beside the model: equal code makes no other version. */
export const evaluation = facts.extend({
  code: z.object({ request: codeRef, features: codeRef, trainer: codeRef }),
});
export type Evaluation = z.infer<typeof evaluation>;

const params = z.object({
  target: z.string(),
  metrics: z.array(z.string()),
  interval: z.number(),
});

/**
 * Asks a model for every test row as a caller would, and measures the answers; in: `rows`, `subsets`, `model` and, where
 * the model's own code made one of these rows, the `matrix`; out: `metrics`. The champion is measured by the same
 * operation on the candidate's rows.
 */
export const evaluate = taskOperation({
  name: 'evaluate',
  description: 'Measures the model on rows that it has not seen.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', model: 'files', matrix: 'table?' },
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
      },
      code: { ...(await versionCode(model, planning)) },
      params: evaluationParams(model),
    };
  },
  async run(context) {
    const { target, metrics: wanted, interval } = context.params;
    const trainer = await loadTrainer(context);
    const rows = asTable(await context.input('rows'), 'rows');
    const subsetOfRow = await readSubsets(context);
    const code: FeatureCode = {
      request: await context.code('request'),
      features: await context.code('features'),
    };
    const made = await madeFeatures(context);
    const model = await context.input('model');
    const predictor = checkedPredictor(
      await trainer.open((name) => readModelFile(model, name, context.blobs)),
      trainer.name,
    );
    const answers = {
      truth: [] as number[],
      predicted: [] as number[],
      low: [] as number[],
      high: [] as number[],
    };
    const learned: number[] = [];
    let block: { readonly truth: number; readonly features: Features }[] = [];
    const score = async (): Promise<void> => {
      const matrix = matrixOf(
        block.map(({ features }) => features),
        predictor.features,
      );
      for (const [index, prediction] of (await predictor.predict(matrix)).entries()) {
        const { value, interval: range } = asNumber(prediction, trainer.name);
        answers.truth.push(block[index]?.truth ?? Number.NaN);
        answers.predicted.push(value);
        answers.low.push(range?.low ?? Number.NaN);
        answers.high.push(range?.high ?? Number.NaN);
      }
      block = [];
    };
    let at = 0;
    for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, context.blobs)) {
      if (subsetOfRow[at] === subsets.test) {
        const values = made?.(at) ?? featuresOf(code, requestOf(row, code, at));
        block.push({ truth: Number(row[target]), features: values });
        if (block.length === blockRows) await score();
      }
      if (subsetOfRow[at] === subsets.train || subsetOfRow[at] === subsets.validation)
        learned.push(Number(row[target]));
      at += 1;
      if (at % 20_000 === 0) context.emit({ type: 'progress', done: at, total: rows.rows, what: 'rows' });
    }
    await score();
    const measuredOn = {
      metrics: only(wanted, regressionMetrics(answers)),
      rows: answers.truth.length,
      baseline: {
        predicts: 'median' as const,
        metrics: only(
          wanted,
          constantMetrics(answers.truth, medianPrediction(Float64Array.from(learned), interval)),
        ),
      },
    };
    const codeRefs = Object.fromEntries(
      Object.entries(context.spec.code).map(([name, { key, bundle, label }]) => [
        name,
        { key, bundle, label },
      ]),
    );
    const value: JsonObject = { ...measuredOn, code: codeRefs };
    return { outputs: { metrics: { kind: 'value', value } }, facts: measuredOn };
  },
  summary: ({ metrics }) =>
    Object.entries(metrics)
      .slice(0, 1)
      .map(([metric, value]) => `${metricTitle(metric)} ${formatMetric(value)}`)
      .join(''),
  records: ({ metrics, rows }) => ({ metrics: { ...metrics, testRows: rows }, datasets: ['metrics'] }),
});

/** The features of each row, where the task that trains has already made them with the same code. */
async function madeFeatures(context: OperationContext): Promise<((row: number) => Features) | undefined> {
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

/** The params of an evaluation by what `model` declares today. */
export function evaluationParams({ target, metrics, interval }: Model): z.infer<typeof params> {
  return { target, metrics: [...metrics], interval };
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
  wanted: readonly string[],
  metrics: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(wanted.map((metric) => [metric, metrics[metric] ?? Number.NaN]));
}

function asNumber(prediction: Prediction, trainer: string): NumberPrediction {
  if (prediction.kind === 'number') return prediction;
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'trainer',
    value: trainer,
    remedy: `It predicts a ${prediction.kind}, and this build measures predicted numbers only.`,
  });
}
