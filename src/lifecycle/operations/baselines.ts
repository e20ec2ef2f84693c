import { z } from 'zod';
import { readRows } from '../../data/table-reader.ts';
import type { Json } from '../../kernel/json.ts';
import { lookupDefinition } from '../../features/lookup.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf } from '../../pipeline/facts.ts';
import { type OperationContext, type Planning, taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import type { CodeRef } from '../../pipeline/task.ts';
import type { Baseline, Model } from '../../project/models/model.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Fitted, Trainer, TrainerOptions, TrainerType } from '../../project/models/trainer.ts';
import { scoredRows } from '../../training/metrics/scored-rows.ts';
import type { ScoredRows } from '../../training/metrics/metrics-of.ts';
import { selectRows } from '../../training/rows.ts';
import { baselineScore } from '../measure/baseline-score.ts';
import { checkedPredictor } from '../version/checked-predictor.ts';
import { trainerOptions } from '../fit/fit-settings.ts';
import { readFitted } from '../../training/read-fitted.ts';
import { targetSchema } from '../version/prediction-rule.ts';
import { lookupDefinitions, lookUpRow, openTaskLookups, viewInputs } from '../features/lookups.ts';
import { periodsOf, periodSubsets, testsOf } from '../rows/period-rows.ts';
import { baselinePrefix, columnsOf, scoreColumns, scoredOf, writeNumbers } from '../rows/scored-table.ts';
import { readSubsetColumns } from '../rows/subsets-table.ts';
import { readTarget } from '../rows/target-values.ts';
import { readSplitRows, type SplitRows } from '../rows/training-rows.ts';
import { requestOf } from '../features/request-of.ts';
import { inputTable } from '../../pipeline/inputs.ts';
import { features } from './features.ts';
import { split, splitRule } from './split.ts';

const declared = z.object({
  name: z.string(),
  /** Null for a function of the request. */
  trainer: z
    .object({ options: trainerOptions, version: z.number(), parts: z.array(trainerOptions) })
    .nullable(),
});

const params = z.object({
  /** The target's column. */
  column: z.string(),
  target: targetSchema,
  interval: z.number(),
  split: splitRule,
  baselines: z.array(declared),
  lookups: z.array(lookupDefinition),
});

const codeOf = (name: string): string => `baseline ${name}`;
const partOf = (name: string, index: number): string => `baseline ${name} part ${index}`;

/**
 * Predicts the test rows with the project's baselines. Trainers are fitted on the rows that the model learns from. In: `rows`,
 * `subsets`, `matrix`, views; out: `predictions`, a row for each test row.
 */
export const baselines = taskOperation({
  name: 'baselines',
  description: 'Predicts the test rows in the simple ways that a version must beat.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', matrix: 'table', 'view-*': 'table?' },
  outputs: { predictions: { kind: 'table' } },
  params,
  facts: z.object({ rows: z.number(), baselines: z.array(z.string()) }),
  process: 'own',
  async plan(model, planning) {
    if (Object.keys(model.baselines).length === 0) return undefined;
    return {
      inputs: {
        rows: tableInput(model.rows),
        subsets: planning.from(split, 'subsets'),
        matrix: planning.from(features, 'matrix'),
        ...viewInputs(model),
      },
      code: await baselineCode(model, planning),
      params: {
        column: model.target,
        target: model.targetKind,
        interval: model.interval,
        split: { ...model.split },
        baselines: Object.entries(model.baselines).map(([name, baseline]) =>
          declaredBaseline(name, baseline),
        ),
        lookups: lookupDefinitions(model),
      },
    };
  },
  async run(context) {
    const { column, target, baselines: each } = context.params;
    const trained = each.filter(({ trainer }) => trainer);
    const read =
      trained.length > 0 ? await readSplitRows(context, { target: column, targetType: target }) : undefined;
    const split =
      read?.split ?? (await readSubsetColumns(await inputTable(context, 'subsets'), context.blobs));
    const truth =
      read?.rows.target ??
      (await readTarget(await inputTable(context, 'rows'), { target, column }, context.blobs));
    const tests = testsOf(split);
    const scored = new Map(await byFunctions(context, { truth, tests }));
    for (const { name, trainer } of trained)
      if (trainer && read) scored.set(name, await byTrainer(context, { name, trainer, read, tests }));
    const predictions = Object.assign(
      {},
      ...[...scored].map(([name, found]) => columnsOf(found, target, baselinePrefix(name))),
    ) as ReturnType<typeof columnsOf>;
    return {
      outputs: {
        predictions: await writeNumbers('predictions', { row: [...tests], ...predictions }, context),
      },
      facts: { rows: tests.length, baselines: each.map(({ name }) => name) },
    };
  },
  summary: ({ baselines: names }) => countOf(names.length, 'baseline'),
});

function isTrainer(baseline: Baseline): baseline is Trainer {
  return typeof baseline === 'object';
}

function declaredBaseline(name: string, baseline: Baseline): z.infer<typeof declared> {
  if (!isTrainer(baseline)) return { name, trainer: null };
  const optionsOf = (trainer: Trainer): TrainerOptions =>
    trainer.options as { readonly [option: string]: Json };
  return {
    name,
    trainer: {
      options: optionsOf(baseline),
      version: baseline.type.definition.version ?? 1,
      parts: (baseline.parts ?? []).map(optionsOf),
    },
  };
}

/** The request schema and the code of each baseline. */
async function baselineCode(
  { name: model, request, baselines: each }: Model,
  { bundle }: Pick<Planning, 'bundle'>,
): Promise<Readonly<Record<string, CodeRef>>> {
  const code: Record<string, CodeRef> = { request: await bundle(request, `models.${model}.request`) };
  for (const [name, baseline] of Object.entries(each)) {
    const field = `models.${model}.baselines.${name}`;
    code[codeOf(name)] = await bundle(isTrainer(baseline) ? baseline.type : baseline, field);
    const parts = isTrainer(baseline) ? (baseline.parts ?? []) : [];
    for (const [index, { type }] of parts.entries())
      code[partOf(name, index)] = await bundle(type, `${field}.parts.${index}`);
  }
  return code;
}

interface TestRows {
  readonly truth: Float64Array;
  /** The indexes of the test rows. */
  readonly tests: Int32Array;
}

type Context = OperationContext<z.infer<typeof params>>;

async function byFunctions(
  context: Context,
  { truth, tests }: TestRows,
): Promise<ReadonlyMap<string, ScoredRows>> {
  const { target, baselines: each, lookups: definitions } = context.params;
  const names = each.filter(({ trainer }) => !trainer).map(({ name }) => name);
  if (names.length === 0) return new Map();
  const request = await context.code<z.ZodObject>('request');
  const lookups = await openTaskLookups(definitions, context);
  const functions = await Promise.all(
    names.map(async (name) => ({
      name,
      score: await context.code<(request: unknown, lookups: unknown) => unknown>(codeOf(name)),
      values: scoreColumns(target).map((): number[] => []),
    })),
  );
  const isTest = new Set(tests);
  let number = 0;
  const rows = await inputTable(context, 'rows');
  for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, context.blobs)) {
    if (isTest.has(number)) {
      const asked = requestOf(row, request, number);
      const found = lookUpRow(lookups, { row, number, request: asked });
      for (const { name, score, values } of functions)
        for (const [position, value] of baselineScore(target, name, score(asked, found)).entries())
          values[position]?.push(value);
    }
    number += 1;
  }
  const scoredTruth = Float64Array.from(tests, (row) => truth[row] as number);
  return new Map(functions.map(({ name, values }) => [name, scoredOf(target, scoredTruth, values)]));
}

async function byTrainer(
  context: Context,
  {
    name,
    trainer: { options: given, parts },
    read,
    tests,
  }: {
    readonly name: string;
    readonly trainer: NonNullable<z.infer<typeof declared>['trainer']>;
    readonly read: SplitRows;
    readonly tests: Int32Array;
  },
): Promise<ScoredRows> {
  const { target, interval, split: rule } = context.params;
  const { definition } = await context.code<TrainerType>(codeOf(name));
  const definitions = await Promise.all(
    parts.map(async (_, index) => (await context.code<TrainerType>(partOf(name, index))).definition),
  );
  const predictions = new Map<number, Prediction>();
  const python = context.python && { python: context.python };
  const predict = async (fitted: Fitted, rows: Int32Array): Promise<readonly Prediction[]> => {
    const predictor = checkedPredictor(
      await definition.open(readFitted(definition.name, fitted.files), definitions, { ...python }),
      definition.name,
    );
    try {
      return await predictor.predict(selectRows(read.rows, rows).matrix);
    } finally {
      await predictor.close?.();
    }
  };
  const periods = periodsOf(read.split);
  for (let index = 1; index <= periods; index++) {
    const tested = testsOf(read.split, index);
    const fitted = await definition.fit(given, periodSubsets(read, index, rule), {
      target,
      interval,
      ...python,
      log: (line) => context.emit({ type: 'log', line }),
      parts: definitions.map((part, at) => ({ definition: part, options: parts[at] ?? {} })),
      progress: () => context.emit({ type: 'progress', done: index, total: periods, what: 'fits' }),
    });
    for (const [at, prediction] of (await predict(fitted, tested)).entries())
      predictions.set(tested[at] as number, prediction);
  }
  const ordered = [...tests].flatMap((row) => predictions.get(row) ?? []);
  return scoredRows(
    target,
    Float64Array.from(tests, (row) => read.rows.target[row] as number),
    ordered,
  );
}
