import { type ColumnValues, readColumns } from '../../data/table-reader.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { asJson } from '../../kernel/json.ts';
import { formatError, formatMetric, metricTitle } from '../../registry/format-metric.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { type OperationContext, type Planning, taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import type { TaskInput } from '../../pipeline/task.ts';
import type { Model } from '../../project/models/model.ts';
import type { Target } from '../../project/models/kind.ts';
import { fewestRows, findLeak, formatLeak, type Leak } from '../../training/leaks.ts';
import { scoredRows } from '../../training/metrics/scored-rows.ts';
import type { ScoredRows } from '../../training/metrics/metrics-of.ts';
import { importanceRows } from '../../training/report/importances.ts';
import { bestConstant } from '../measure/constant-baseline.ts';
import {
  divideCode,
  evaluationFacts,
  evaluationParams,
  evaluationParamsOf,
  loadMeasures,
  measureCode,
  measureTest,
} from '../measure/evaluation.ts';
import { lookupDefinitions, viewInputs } from '../features/lookups.ts';
import { importancesOfTest } from '../measure/importances-of-test.ts';
import { measuring } from '../measure/measure-test.ts';
import { testsOf } from '../rows/period-rows.ts';
import { predictTests } from '../measure/predict-tests.ts';
import { baselinePrefix, scoreColumns, scoredOf, writeScored } from '../rows/scored-table.ts';
import { subsets } from '../../training/subsets.ts';
import { readSubsetColumns, type SubsetColumns } from '../rows/subsets-table.ts';
import { warningTags } from '../recording/run-warnings.ts';
import { readTarget } from '../rows/target-values.ts';
import { testDataOf, testDataTag } from '../gate/test-data.ts';
import { inputFiles, inputTable } from '../../pipeline/inputs.ts';
import { readVersionFields } from '../version/version-fields.ts';
import { isExternal, versionCode, versionCodeSchema } from '../version/version-code.ts';
import { baselines } from './baselines.ts';
import { features } from './features.ts';
import { refit } from './refit.ts';
import { split } from './split.ts';
import { reportOfTest } from '../measure/report-of-test.ts';
import { train } from './train.ts';

/**
 * Predicts every test row as a caller would, and measures the predictions; in: `rows`, `subsets`, `model`, views, `fits` of
 * earlier periods, the predictions of `baselines` and, if the model's own code computed these rows, the `matrix`; out:
 * `metrics`, `scored`, a row for each test row, and a `report` of where the model is wrong. The champion is measured by the same operation on the candidate's rows.
 */
export const evaluate = taskOperation({
  name: 'evaluate',
  description: 'Measures the model on rows that it has not seen.',
  declared: models,
  inputs: {
    rows: 'table',
    subsets: 'table',
    model: 'files',
    fits: 'files?',
    matrix: 'table?',
    baselines: 'table?',
    'view-*': 'table?',
  },
  outputs: { metrics: { kind: 'value' }, scored: { kind: 'table' }, report: { kind: 'value' } },
  params: evaluationParams,
  facts: evaluationFacts,
  process: 'own',
  async plan(model, planning) {
    if (isExternal(model)) return undefined;
    return {
      inputs: {
        rows: tableInput(model.rows),
        subsets: planning.from(split, 'subsets'),
        model: planning.from(train, 'model'),
        matrix: planning.from(features, 'matrix'),
        ...comparedInputs(model, planning),
      },
      code: { ...(await versionCode(model, planning)), ...(await measureCode(model, planning)) },
      params: evaluationParamsOf(model, lookupDefinitions(model)),
    };
  },
  async run(context) {
    const { column, target, interval, cluster, lookups, when, better, baselines: names } = context.params;
    const rows = await inputTable(context, 'rows');
    const divided = await readSubsetColumns(await inputTable(context, 'subsets'), context.blobs);
    const code = versionCodeSchema.parse(divideCode(context.spec.code).version);
    const measures = await loadMeasures(context, context.params.measures);
    const matrix = await readMatrix(context);
    const tests = testsOf(divided);
    const features = matrix ? Object.keys(matrix).length : 0;
    const tested = await predictTests(context, {
      rows,
      split: divided,
      code,
      lookups,
      matrix,
      keepRows: measures.length > 0,
      ...(target.kind === 'class' && { classes: target.classes }),
      sampled: importanceRows(tests.length, features),
    });
    const { predictions, rows: kept, sample } = tested;
    const truth = await readTarget(rows, { target, column }, context.blobs);
    const ofTests = (values: ArrayLike<number>): Float64Array =>
      Float64Array.from(tests, (row) => values[row] as number);
    const measure = measuring({ target, metrics: context.params.metrics, measures, rows: kept });
    const constant = bestConstant(
      { split: divided, truth, tests },
      { target, interval },
      { better, figure: (of) => measure(of, { names: [when] })[when] ?? Number.NaN },
    );
    const scored = {
      row: Float64Array.from(tests),
      period: ofTests(divided.period),
      cluster: ofTests(divided[cluster]),
      version: scoredRows(target, ofTests(truth), predictions),
      constant: constant.scored,
      baselines: context.spec.inputs['baselines']
        ? await readBaselines(context, { target, names, tests, truth: ofTests(truth) })
        : {},
    };
    const measured = {
      ...measureTest(scored, measure, { ...context.params, predicts: constant.predicts }),
      testData: testDataOf(context.spec.inputs),
      leaks: matrix ? leaksIn(matrix, { target, truth, split: divided }) : [],
    };
    const value = asJson({ ...measured, code });
    const fields = await readVersionFields(await inputFiles(context, 'model'), context.blobs);
    const importances = await importancesOfTest(
      sample.map(({ predictor, row, index }) => ({
        predictor,
        row,
        truth: scored.version.truth[index] as number,
      })),
      { target, origins: fields?.features },
    );
    await tested.close();
    const report = await reportOfTest(scored, {
      context,
      rows,
      target,
      time: context.params.time,
      importances,
      constant: constant.predicts,
    });
    return {
      outputs: {
        metrics: { kind: 'value', value },
        scored: await writeScored(scored, target, context),
        report: { kind: 'value', value: report },
      },
      facts: measured,
    };
  },
  summary: ({ metrics, standardErrors, leaks }) =>
    [
      ...Object.entries(metrics)
        .slice(0, 1)
        .map(
          ([metric, value]) =>
            `${metricTitle(metric)} ${formatMetric(value)}${formatError(standardErrors[metric])}`,
        ),
      ...leaks.map(formatLeak),
    ].join('; '),
  records: ({ metrics, rows, leaks, testData }) => ({
    metrics: { ...metrics, testRows: rows },
    tags: {
      ...(testData !== undefined && { [testDataTag]: testData }),
      ...(leaks.length > 0 && { [warningTags.evaluate]: leaks.map(formatLeak).join('\n') }),
    },
    datasets: ['metrics', 'scored'],
    artifacts: { report: 'report.json' },
  }),
});

/** The columns of features, if training has computed them with the code of the version that is measured. */
async function readMatrix(
  context: OperationContext,
): Promise<Readonly<Record<string, ColumnValues>> | undefined> {
  if (!context.spec.inputs['matrix']) return undefined;
  const matrix = await inputTable(context, 'matrix');
  return readColumns(
    matrix,
    context.blobs,
    matrix.schema.columns.map(({ name }) => name),
  );
}

/** Leaks among the test rows, or among all rows of the split where the test rows are too few to show one. */
function leaksIn(
  matrix: Readonly<Record<string, ColumnValues>>,
  {
    target,
    truth,
    split,
  }: { readonly target: Target; readonly truth: Float64Array; readonly split: SubsetColumns },
): Leak[] {
  const tests = testsOf(split);
  const isUsed = (row: number): boolean =>
    (split.period[row] as number) > 0 || split.subset[row] !== subsets.none;
  const rows = tests.length >= fewestRows ? tests : Int32Array.from(truth.keys()).filter(isUsed);
  const outcomes = { kind: target.kind, truth: Float64Array.from(rows, (row) => truth[row] as number) };
  return Object.entries(matrix).flatMap(([name, column]) => {
    const values = Float64Array.from(rows, (row) => Number(column[row] ?? Number.NaN));
    return findLeak(name, values, outcomes) ?? [];
  });
}

/** The inputs that a measurement on fewer rows needs as well: fits of earlier periods, baselines and views. */
export function comparedInputs(
  model: Model,
  planning: Pick<Planning, 'from'>,
): Readonly<Record<string, TaskInput>> {
  const isWalking = typeof model.split.test === 'object' && model.split.test.refit !== undefined;
  return {
    ...(isWalking && { fits: planning.from(refit, 'fits') }),
    ...(Object.keys(model.baselines).length > 0 && {
      baselines: planning.from(baselines, 'predictions'),
    }),
    ...viewInputs(model),
  };
}

/** The baselines' predictions for these test rows. */
async function readBaselines(
  context: OperationContext,
  {
    target,
    names,
    tests,
    truth,
  }: {
    readonly target: Target;
    readonly names: readonly string[];
    readonly tests: Int32Array;
    readonly truth: Float64Array;
  },
): Promise<Readonly<Record<string, ScoredRows>>> {
  const table: TableDataset = await inputTable(context, 'baselines');
  const columns = names.flatMap((name) => scoreColumns(target, baselinePrefix(name)));
  const read = await readColumns(table, context.blobs, ['row', ...columns]);
  const rows: readonly (number | string | null)[] = [...(read['row'] ?? [])];
  const positionOf = new Map(rows.map((row, position) => [Number(row), position]));
  const positions = Int32Array.from(tests, (row) => positionOf.get(row) ?? -1);
  return Object.fromEntries(
    names.map((name) => [
      name,
      scoredOf(
        target,
        truth,
        scoreColumns(target, baselinePrefix(name)).map((column) =>
          Float64Array.from(positions, (position) => Number(read[column]?.[position] ?? Number.NaN)),
        ),
      ),
    ]),
  );
}
