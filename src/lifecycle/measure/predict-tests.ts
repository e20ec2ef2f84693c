import { type ColumnValues, readRows } from '../../data/table-reader.ts';
import type { FilesDataset, TableDataset } from '../../data/dataset.ts';
import type { LookupDefinition } from '../../features/lookup.ts';
import { closingOnError } from '../../kernel/closers.ts';
import { inputFiles } from '../../pipeline/inputs.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import type { Features } from '../../project/models/model.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import { lookUpRow, openTaskLookups } from '../features/lookups.ts';
import { periodsOf, testsOf } from '../rows/period-rows.ts';
import { requestOf } from '../features/request-of.ts';
import type { SubsetColumns } from '../rows/subsets-table.ts';
import type { VersionCode } from '../version/version-code.ts';
import {
  openVersionPredictor,
  type PredictorRow,
  type VersionPredictor,
} from '../version/version-predictor.ts';

/** How many test rows are predicted together. */
const blockRows = 4096;

interface Pending {
  readonly row: PredictorRow;
  readonly index: number;
}

/** Predictions of the test rows, in order of the rows. */
export interface PredictedTests {
  readonly predictions: readonly Prediction[];
  /** The rows themselves, if a measure of the project needs them. */
  readonly rows: readonly object[];
  /** Some test rows, evenly spread, with their features. */
  readonly sample: readonly PredictedSample[];
  /** Ends what the models run beside this process; the predictors of the sample then predict no more. */
  close(): Promise<void>;
}

/** A test row as it was predicted. */
interface PredictedSample {
  readonly predictor: VersionPredictor;
  readonly row: PredictorRow & { readonly features: Features };
  /** Among the test rows. */
  readonly index: number;
}

export interface TestsToPredict {
  readonly rows: TableDataset;
  readonly split: SubsetColumns;
  readonly code: VersionCode;
  readonly lookups: readonly LookupDefinition[];
  /** A column for each feature, if training has computed them with the same code. */
  readonly matrix: Readonly<Record<string, ColumnValues>> | undefined;
  readonly keepRows: boolean;
  /** The classes of the target today: a version that was trained without one of them gives it no chance. */
  readonly classes?: readonly string[];
  /** The number of rows of the sample, which needs a `matrix`. @default 0 */
  readonly sampled?: number;
}

/** Predicts every test row as a caller would, by the fit of its period. */
export async function predictTests(
  context: OperationContext,
  tests: TestsToPredict,
): Promise<PredictedTests> {
  return closingOnError(async (closers) => {
    const predictors: VersionPredictor[] = [];
    for await (const predictor of openPredictors(context, tests.code, periodsOf(tests.split))) {
      closers.defer(async () => predictor.close?.());
      predictors.push(predictor);
    }
    const predicted = await predictBy(predictors, context, tests);
    return { ...predicted, close: async () => closers[Symbol.asyncDispose]() };
  });
}

async function predictBy(
  predictors: readonly VersionPredictor[],
  context: OperationContext,
  tests: TestsToPredict,
): Promise<Omit<PredictedTests, 'close'>> {
  const { matrix, keepRows } = tests;
  return matrix && !keepRows && predictors.every(({ predictFeatures }) => predictFeatures !== undefined)
    ? predictColumns(predictors, tests, Object.entries(matrix))
    : predictRows(predictors, context, tests);
}

/** From features that training has computed: no row is read. */
async function predictColumns(
  predictors: readonly VersionPredictor[],
  { split, classes = [], sampled = 0 }: TestsToPredict,
  columns: readonly (readonly [string, ColumnValues])[],
): Promise<Omit<PredictedTests, 'close'>> {
  const tests = testsOf(split);
  const predictions: Prediction[] = [];
  for (const [period, predictor] of predictors.entries()) {
    const indexes = Int32Array.from(tests.keys()).filter(
      (index) => split.period[tests[index] as number] === period + 1,
    );
    const unknown = unknownClasses(predictor, classes);
    for (let start = 0; start < indexes.length; start += blockRows) {
      const block = indexes.subarray(start, start + blockRows);
      const rows = block.map((index) => tests[index] as number);
      const predicted = await predictor.predictFeatures?.(columns, rows);
      for (const [at, index] of block.entries())
        predictions[index] = withoutChance(predicted?.[at] as Prediction, unknown);
    }
  }
  const sample: PredictedSample[] = [];
  for (const [index, row] of tests.entries()) {
    if (sample.length >= sampled || index * sampled < sample.length * tests.length) continue;
    const predictor = predictors[(split.period[row] as number) - 1] as VersionPredictor;
    sample.push({ predictor, row: { request: undefined, features: featuresAt(columns, row) }, index });
  }
  return { predictions, rows: [], sample };
}

async function predictRows(
  predictors: readonly VersionPredictor[],
  context: OperationContext,
  { rows, split, lookups: definitions, matrix, keepRows, classes = [], sampled = 0 }: TestsToPredict,
): Promise<Omit<PredictedTests, 'close'>> {
  const columns = matrix && Object.entries(matrix);
  const isReady = columns !== undefined && predictors.every(({ needsRequest }) => !needsRequest);
  const lookups = await openTaskLookups(isReady ? [] : definitions, context);
  const predictions: Prediction[] = [];
  const kept: object[] = [];
  const sample: PredictedSample[] = [];
  const tests = testsOf(split).length;
  const pending = predictors.map((): Pending[] => []);
  const flush = async (period: number): Promise<void> => {
    const block = pending[period]?.splice(0) ?? [];
    const predictor = predictors[period];
    const predicted = (await predictor?.predict(block.map(({ row }) => row))) ?? [];
    const unknown = predictor ? unknownClasses(predictor, classes) : [];
    for (const [at, { prediction }] of predicted.entries())
      predictions[block[at]?.index as number] = withoutChance(prediction, unknown);
  };
  let number = 0;
  let index = 0;
  for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, context.blobs)) {
    const period = (split.period[number] as number) - 1;
    const predictor = predictors[period];
    if (predictor) {
      const of = predictorRow(predictor, { row, number });
      pending[period]?.push({ row: of, index });
      if (of.features && sample.length < sampled && index * sampled >= sample.length * tests)
        sample.push({ predictor, row: { ...of, features: of.features }, index });
      if (keepRows) kept.push(row);
      index += 1;
      if (pending[period]?.length === blockRows) await flush(period);
    }
    number += 1;
    if (number % 20_000 === 0)
      context.emit({ type: 'progress', done: number, total: rows.rows, what: 'rows' });
  }
  for (const period of predictors.keys()) await flush(period);
  return { predictions, rows: kept, sample };

  function predictorRow(
    predictor: VersionPredictor,
    stored: { readonly row: Readonly<Record<string, unknown>>; readonly number: number },
  ): PredictorRow {
    const features = columns && featuresAt(columns, stored.number);
    if (features && !predictor.needsRequest) return { request: undefined, features };
    const request = requestOf(stored.row, predictor.requestSchema, stored.number);
    const found = lookUpRow(lookups, { ...stored, request });
    return { request, lookups: found, ...(features && { features }) };
  }
}

/** The classes of today that a version does not know. */
function unknownClasses({ target }: VersionPredictor, classes: readonly string[]): readonly string[] {
  return target.kind === 'class' ? classes.filter((name) => !target.classes.includes(name)) : [];
}

/** A prediction with the probability 0 for classes that its model has not learned. */
function withoutChance(prediction: Prediction, classes: readonly string[]): Prediction {
  if (classes.length === 0 || prediction.kind !== 'class') return prediction;
  const none = Object.fromEntries(classes.map((name) => [name, 0]));
  return { ...prediction, probabilities: { ...prediction.probabilities, ...none } };
}

/** A predictor for each period: those of the input `fits`, and the version's own for the last. */
async function* openPredictors(
  context: OperationContext,
  code: VersionCode,
  periods: number,
): AsyncGenerator<VersionPredictor> {
  const open = (folder: FilesDataset): Promise<VersionPredictor> =>
    openVersionPredictor({
      code,
      load: (name) => context.code(name),
      folder,
      blobs: context.blobs,
      context: { ...(context.python && { python: context.python }) },
    });
  const model = await inputFiles(context, 'model');
  if (periods > 1) {
    const fits = await inputFiles(context, 'fits');
    for (let period = 1; period < periods; period++) yield await open(fitOfPeriod(fits, period));
  }
  yield await open(model);
}

/** The files of the fit of one period, from 1. */
function fitOfPeriod({ files }: FilesDataset, period: number): FilesDataset {
  const prefix = fitFolder(period);
  return {
    kind: 'files',
    files: files
      .filter(({ name }) => name.startsWith(prefix))
      .map((file) => ({ ...file, name: file.name.slice(prefix.length) })),
  };
}

/** The folder of a period's fit among the files of all. */
export function fitFolder(period: number): string {
  return `period-${period}/`;
}

/** The features of a row, of a column for each. */
function featuresAt(columns: readonly (readonly [string, ColumnValues])[], row: number): Features {
  return Object.fromEntries(columns.map(([name, values]) => [name, Number(values[row])]));
}
