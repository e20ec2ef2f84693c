import type { TrainingRows } from '../project/models/trainer.ts';

/** The rows with these indexes, in this order. */
export function selectRows(
  { matrix, target, group, order, weight }: TrainingRows,
  numbers: Int32Array,
): TrainingRows {
  const count = numbers.length;
  return {
    matrix: {
      features: matrix.features,
      rows: count,
      columns: matrix.columns.map((column) => pick(column, numbers, new Float32Array(count))),
    },
    target: pick(target, numbers, new Float64Array(count)),
    group: pick(group, numbers, new Int32Array(count)),
    order: pick(order, numbers, new Float64Array(count)),
    ...(weight && { weight: pick(weight, numbers, new Float64Array(count)) }),
  };
}

/** Concatenates rows that have the same features in the same order. */
export function joinRows(first: TrainingRows, second: TrainingRows): TrainingRows {
  const count = first.matrix.rows + second.matrix.rows;
  const columns = first.matrix.columns.map((column, at) =>
    append([column, second.matrix.columns[at] ?? new Float32Array(0)], new Float32Array(count)),
  );
  return {
    matrix: { features: first.matrix.features, rows: count, columns },
    target: append([first.target, second.target], new Float64Array(count)),
    group: append([first.group, second.group], new Int32Array(count)),
    order: append([first.order, second.order], new Float64Array(count)),
    ...((first.weight ?? second.weight) && {
      weight: append([weightsOf(first), weightsOf(second)], new Float64Array(count)),
    }),
  };
}

function weightsOf({ weight, matrix }: TrainingRows): Float64Array {
  return weight ?? new Float64Array(matrix.rows).fill(1);
}

type Numbers = Float32Array | Float64Array | Int32Array;

function pick<Kind extends Numbers>(from: Kind, numbers: Int32Array, into: Kind): Kind {
  for (let at = 0; at < numbers.length; at++) into[at] = from[numbers[at] as number] as number;
  return into;
}

function append<Kind extends Numbers>([first, second]: readonly [Kind, Kind], into: Kind): Kind {
  into.set(first);
  into.set(second, first.length);
  return into;
}
