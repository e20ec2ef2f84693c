import { PlatformError } from '../kernel/errors.ts';
import { formatNames } from '../kernel/format-names.ts';
import type { Matrix } from '../project/models/trainer.ts';

/** The columns of these features, in this order. @throws PlatformError INPUT_INVALID for a feature without a column */
export function columnsByName(matrix: Matrix, features: readonly string[]): readonly Float32Array[] {
  if (matrix.features === features) return matrix.columns;
  const byName = new Map(matrix.features.map((name, index) => [name, matrix.columns[index]]));
  return features.map((name) => {
    const column = byName.get(name);
    if (column) return column;
    const remedy = `Give the features ${formatNames(features)}.`;
    throw new PlatformError('INPUT_INVALID', { field: `feature ${name}`, value: undefined, remedy });
  });
}
