import type { Contributions } from '../../project/models/predictor.ts';
import { type EdgeTables, edgeStates, edgeTables } from './shapley-tables.ts';
import { goesRight, type Trees } from './trees.ts';

/**
 * Exact Shapley values of the game in which an unknown feature sends a row down both sides of a split, by the rows
 * that training sent there: those of TreeSHAP (Lundberg et al., Nature Machine Intelligence 2, 2020, path-dependent).
 *
 * A leaf of value v gives, in Owen's multilinear extension (Management Science 18, 1972), v Π (zⱼt + rⱼ(1 − t)), with
 * zⱼ whether the row meets all conditions on feature j on the way and rⱼ the share of rows that do. The Shapley value
 * of i is the integral over t of its derivative by i: v (zᵢ − rᵢ) ∫ Π_{j≠i} (zⱼt + rⱼ(1 − t)) dt. It is a polynomial of
 * degree below the number of features on the path, so that Gauss–Legendre quadrature gives it exactly. Products go down
 * the tree, their sums over leaves come up, and every edge adds its feature's part: the cost is nodes × points.
 *
 * @returns a function from one row, in the order of the features, to the explanations of the margins of its outputs
 */
export function prepareExplain(trees: Trees): (values: Float32Array) => readonly Contributions[] {
  const tables = edgeTables(trees);
  const scratch: Scratch = {
    follows: new Uint8Array(tables.widest),
    products: new Float64Array(tables.widest * tables.points),
    pulls: new Float64Array(tables.widest * tables.points),
  };
  return (values) => {
    const explanations = Array.from(tables.baselines, (baseline) => ({
      baseline,
      contributions: new Float64Array(trees.features.length),
    }));
    for (let tree = 0; tree < trees.output.length; tree++) {
      const { contributions } = explanations[trees.output[tree] as number] as Contributions;
      goDown(tables, scratch, { tree, values });
      comeUp(tables, scratch, { tree, contributions });
    }
    return explanations;
  };
}

/** By node of one tree, counted from its root; the latter two by node and point. */
interface Scratch {
  /** z: whether the row meets all conditions of the edge's feature down to here. */
  readonly follows: Uint8Array;
  /** Going down the product of the factors, coming up its sum over the leaves below, times their values. */
  readonly products: Float64Array;
  /** (z − r) / (zt + r(1 − t)), less the same of the earlier edge of the feature. */
  readonly pulls: Float64Array;
}

/** Which way a row goes is as good as chance to the processor: the loop picks from tables and does not branch. */
function goDown(
  { trees, points, inner, innerStarts, earlier, states }: EdgeTables,
  { follows, products, pulls }: Scratch,
  { tree, values }: { readonly tree: number; readonly values: Float32Array },
): void {
  const { feature, value, left, right, missing, categoryMasks } = trees;
  const root = trees.starts[tree] as number;
  const end = innerStarts[tree + 1] as number;
  const edgeNumbers = edgeStates * 2 * points;
  follows[0] = 1;
  products.fill(1, 0, points);
  for (let k = innerStarts[tree] as number; k < end; k++) {
    const node = inner[k] as number;
    const [onLeft, onRight] = [left[node] as number, right[node] as number];
    const x = values[feature[node] as number] as number;
    const threshold = value[node] as number;
    let goesLeft = x < threshold ? 1 : x >= threshold ? 0 : missing[node] === onLeft ? 1 : 0;
    if ((categoryMasks[node] as number) > 0 && !Number.isNaN(x)) goesLeft = goesRight(trees, node, x) ? 0 : 1;
    const leftStill = follows[(earlier[onLeft] as number) - root] as number;
    const rightStill = follows[(earlier[onRight] as number) - root] as number;
    follows[onLeft - root] = leftStill & goesLeft;
    follows[onRight - root] = rightStill & (goesLeft ^ 1);
    let leftAt = onLeft * edgeNumbers + stateOf(leftStill, goesLeft) * 2 * points;
    let rightAt = onRight * edgeNumbers + stateOf(rightStill, goesLeft ^ 1) * 2 * points;
    const [above, toLeft, toRight] = [
      (node - root) * points,
      (onLeft - root) * points,
      (onRight - root) * points,
    ];
    for (let q = 0; q < points; q++, leftAt += 2, rightAt += 2) {
      const product = products[above + q] as number;
      products[toLeft + q] = product * (states[leftAt] as number);
      pulls[toLeft + q] = states[leftAt + 1] as number;
      products[toRight + q] = product * (states[rightAt] as number);
      pulls[toRight + q] = states[rightAt + 1] as number;
    }
  }
}

/** 0: taken; 1: left here; 2: the row left the feature's conditions further up. Both arguments are 0 or 1. */
function stateOf(still: number, taken: number): number {
  return ((still ^ 1) << 1) + (still & (taken ^ 1));
}

function comeUp(
  { trees, points, inner, innerStarts }: EdgeTables,
  { products, pulls }: Scratch,
  { tree, contributions }: { readonly tree: number; readonly contributions: Float64Array },
): void {
  const { feature, left, right } = trees;
  const root = trees.starts[tree] as number;
  const first = innerStarts[tree] as number;
  for (let k = (innerStarts[tree + 1] as number) - 1; k >= first; k--) {
    const node = inner[k] as number;
    const asked = feature[node] as number;
    const here = (node - root) * points;
    const ofLeft = ((left[node] as number) - root) * points;
    const ofRight = ((right[node] as number) - root) * points;
    let moved = 0;
    for (let q = 0; q < points; q++) {
      const leftSum = products[ofLeft + q] as number;
      const rightSum = products[ofRight + q] as number;
      moved += leftSum * (pulls[ofLeft + q] as number) + rightSum * (pulls[ofRight + q] as number);
      products[here + q] = leftSum + rightSum;
    }
    contributions[asked] = (contributions[asked] as number) + moved;
  }
}
