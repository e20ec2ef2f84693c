import { recordValue } from '../../kernel/record-value.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { Matrix } from '../../project/models/trainer.ts';
import { categoryBins, type FeatureBins, numberBins, writeBins } from './bins.ts';
import { growingSizes } from './grow.ts';
import { type LabelledRows, lossOf, type LossSpec } from './loss.ts';
import type { TreeOptions } from './options.ts';
import { newTrainingMemory, roomFor, trainingArrays, type TrainingSizes } from './training-memory.ts';
import type { TrainingPlan } from './tree-thread.ts';

interface Planned {
  readonly loss: LossSpec;
  readonly options: TreeOptions;
  readonly threads: number;
}

/**
 * Bins the features, and lays out and fills the memory of a training.
 * @throws PlatformError DATA_INVALID for an infinite value and for too many rows; PROJECT_INVALID for options of a feature that
 * the rows do not have
 */
export function planTraining(
  { matrix, target, weight }: LabelledRows & { readonly matrix: Matrix },
  { loss, options, threads }: Planned,
): TrainingPlan {
  const { features, columns, rows } = matrix;
  checkNames(features, options);
  const categories = new Set(options.categories);
  const bins = columns.map((column, at): FeatureBins => {
    const name = features[at] ?? String(at);
    return categories.has(name) ? categoryBins(column, name) : numberBins(column, options.bins, name);
  });
  const { outputs, ...derivatives } = lossOf(loss);
  const countsRows = derivatives.countsRows && weight === undefined;
  // A minimum of hessians alone keeps leaves from being empty, without counts.
  const needsCounts = options.minLeafRows > 1 || options.minChildWeight === 0;
  const binCount = bins.reduce((most, { cuts }) => Math.max(most, cuts.length + 2), 2);
  const room = roomFor(binCount);
  const sizes: TrainingSizes = {
    rows,
    features: columns.length,
    outputs,
    threads,
    bins: binCount,
    room,
    counts: !countsRows && needsCounts,
    countsRows,
    weighted: weight !== undefined,
    ...growingSizes(options, { rows, histogramBytes: columns.length * room * 16 }),
  };
  const memory = newTrainingMemory(sizes);
  const arrays = trainingArrays(memory, sizes);
  for (const [feature, column] of columns.entries()) {
    const block = arrays.blocks.findLast(({ first }) => first <= feature) ?? {
      first: 0,
      features: 0,
      bins: 0,
    };
    writeBins(column, bins[feature] as FeatureBins, {
      column: arrays.columnBins.subarray(feature * rows, (feature + 1) * rows),
      rowMajor: arrays.bins,
      offset: block.bins + feature - block.first,
      stride: block.features,
      missing: binCount - 1,
    });
  }
  arrays.target.set(target);
  if (weight) arrays.weight?.set(weight);
  const directions = features.map((name) => directionOf(recordValue(options.monotone, name)));
  return { memory, sizes, bins, directions, options, loss };
}

function directionOf(monotone: 'rising' | 'falling' | undefined): number {
  if (monotone === undefined) return 0;
  return monotone === 'rising' ? 1 : -1;
}

function checkNames(features: readonly string[], { categories, monotone }: TreeOptions): void {
  const given = { categories, monotone: Object.keys(monotone) };
  for (const [option, names] of Object.entries(given)) {
    const stray = names.find((name) => !features.includes(name));
    if (stray !== undefined)
      throw new PlatformError('PROJECT_INVALID', {
        field: `trainer option ${option}`,
        value: stray,
        remedy: `must name features: ${formatNames(features)}`,
      });
  }
  const both = categories.find((name) => Object.hasOwn(monotone, name));
  if (both !== undefined)
    throw new PlatformError('PROJECT_INVALID', {
      field: 'trainer option monotone',
      value: both,
      remedy: 'must name features that are numbers: categories have no order',
    });
}
