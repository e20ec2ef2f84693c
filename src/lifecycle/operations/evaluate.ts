import { readRows } from '../../data/table-reader.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { type Operation, paramsOf } from '../../pipeline/operation.ts';
import { engineOf } from '../../training/engines.ts';
import { regressionMetrics } from '../../training/metrics.ts';
import { subsets } from '../../training/split.ts';
import { type FeatureCode, featuresOf, vectorOf } from '../feature-code.ts';
import { asTable, readSubsets } from '../training-rows.ts';
import { readModelFile, type VersionManifest } from '../version-folder.ts';
import { requestOf } from './features.ts';

interface Params {
  readonly target: string;
  readonly trainer: string;
  readonly metrics: readonly string[];
}

/** What a version's answers are worth. */
export interface Evaluation {
  readonly metrics: Readonly<Record<string, number>>;
  readonly rows: number;
  /** What answered beside the trees. A version is registered with this, so that equal code makes no other version. */
  readonly code: VersionManifest['code'];
}

/**
 * Asks a model for every test row as a caller would, and measures the answers; in: `rows`, `subsets`, `model`; out:
 * `metrics`. The champion is measured by the same operation on the candidate's rows.
 */
export const evaluate: Operation = async (context) => {
  const { target, trainer, metrics: wanted } = paramsOf<Params>(context);
  const rows = asTable(await context.input('rows'), 'rows');
  const subsetOfRow = await readSubsets(context);
  const code: FeatureCode = {
    request: await context.code('request'),
    features: await context.code('features'),
  };
  const model = await context.input('model');
  const predictor = await engineOf(trainer).open((name) => readModelFile(model, name, context.blobs));
  const answers = {
    truth: [] as number[],
    predicted: [] as number[],
    low: [] as number[],
    high: [] as number[],
  };
  let at = 0;
  for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, context.blobs)) {
    if (subsetOfRow[at] === subsets.test) {
      const answer = predictor.answer(
        vectorOf(featuresOf(code, requestOf(row, code, at)), predictor.features),
      );
      answers.truth.push(Number(row[target]));
      answers.predicted.push(answer.value);
      answers.low.push(answer.interval.low);
      answers.high.push(answer.interval.high);
    }
    at += 1;
    if (at % 20_000 === 0) context.emit({ type: 'progress', done: at, total: rows.rows, what: 'rows' });
  }
  const measured: Readonly<Record<string, number>> = { ...regressionMetrics(answers) };
  const metrics = Object.fromEntries(wanted.map((metric) => [metric, measured[metric] ?? Number.NaN]));
  const facts = { metrics, rows: answers.truth.length };
  const value = { ...facts, code: context.spec.code } as unknown as JsonObject;
  return { outputs: { metrics: { kind: 'value', value } }, facts };
};
