import { formatNames } from '../../kernel/format-names.ts';
import { formatCount } from '../../kernel/units.ts';
import type { Matrix, TrainingSubsets } from '../../project/models/trainer.ts';

/** Features that a model cannot learn from: those without a value in any row that trains, and those with only one value. */
export function featureWarnings({ train, validation }: TrainingSubsets): readonly string[] {
  const matrices = [train.matrix, validation.matrix];
  const missing: string[] = [];
  const constant: string[] = [];
  for (const [index, name] of train.matrix.features.entries()) {
    const value = onlyValue(matrices, index);
    if (value === undefined) continue;
    if (Number.isNaN(value)) missing.push(name);
    else constant.push(`${name} (${value})`);
  }
  return [
    ...(missing.length > 0
      ? [
          `${features(missing.length)} missing in every training row: ${formatNames(missing)}; correct the feature function, or remove ${missing.length === 1 ? 'it' : 'them'}`,
        ]
      : []),
    ...(constant.length > 0
      ? [
          `${features(constant.length)} the same in every training row, so nothing is learned from ${constant.length === 1 ? 'it' : 'them'}: ${formatNames(constant)}`,
        ]
      : []),
  ];
}

/** The value that a feature has in all rows, NaN where it is always missing; undefined if it has several. */
function onlyValue(matrices: readonly Matrix[], index: number): number | undefined {
  const columns = matrices.map(({ columns: all }) => all[index] ?? new Float32Array());
  const first = columns.find(({ length }) => length > 0)?.[0];
  return columns.every((column) => column.every((value) => Object.is(value, first) || value === first))
    ? first
    : undefined;
}

function features(count: number): string {
  return count === 1 ? '1 feature is' : `${formatCount(count)} features are`;
}
