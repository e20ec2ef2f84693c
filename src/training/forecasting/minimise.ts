/** One parameter of a minimisation: where it begins, and its limits. */
export interface Parameter {
  readonly start: number;
  readonly low: number;
  readonly high: number;
  /** The size of the first step. @default a tenth of the range, or of the start where the range has no end */
  readonly step?: number;
}

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
}

export interface MinimiseOptions {
  /** @default 200 for each parameter */
  readonly evaluations?: number;
  /** Ends when the values of the simplex differ by less than this share. @default 1e-8 */
  readonly tolerance?: number;
}

/** Nelder and Mead's simplex (1965) with the adaptive coefficients of Gao and Han (2012); limits clip each point. */
export function minimise(
  cost: (at: Float64Array) => number,
  parameters: readonly Parameter[],
  { evaluations = 200 * parameters.length, tolerance = 1e-8 }: MinimiseOptions = {},
): Minimum {
  const size = parameters.length;
  if (size === 0) return { at: new Float64Array(0), value: cost(new Float64Array(0)) };
  const clip = (at: Float64Array): Float64Array => clipped(at, parameters);
  const valueAt = (at: Float64Array): number => {
    const value = cost(at);
    return Number.isNaN(value) ? Infinity : value;
  };
  const simplex = startSimplex(parameters).map((at) => ({ at, value: valueAt(at) }));
  let spent = simplex.length;
  const expand = 1 + 2 / size;
  const contract = 0.75 - 1 / (2 * size);
  const shrink = 1 - 1 / size;
  while (spent < evaluations) {
    simplex.sort((one, other) => one.value - other.value);
    const best = simplex[0] as Minimum;
    const worst = simplex[size] as Minimum;
    const second = simplex[size - 1] as Minimum;
    if (Math.abs(worst.value - best.value) <= tolerance * (Math.abs(best.value) + tolerance)) break;
    const centre = centreOf(simplex, size);
    const along = (share: number): Minimum => {
      const at = clip(centre.map((value, index) => value + share * (value - (worst.at[index] as number))));
      spent++;
      return { at, value: valueAt(at) };
    };
    const reflected = along(1);
    if (reflected.value < best.value) {
      const expanded = along(expand);
      simplex[size] = expanded.value < reflected.value ? expanded : reflected;
      continue;
    }
    if (reflected.value < second.value) {
      simplex[size] = reflected;
      continue;
    }
    const contracted = along(reflected.value < worst.value ? contract : -contract);
    if (contracted.value < Math.min(reflected.value, worst.value)) {
      simplex[size] = contracted;
      continue;
    }
    const keep = size === 1 ? 0.5 : shrink;
    for (let index = 1; index <= size; index++) {
      const { at } = simplex[index] as Minimum;
      const moved = at.map(
        (value, axis) => (best.at[axis] as number) + keep * (value - (best.at[axis] as number)),
      );
      simplex[index] = { at: moved, value: valueAt(moved) };
      spent++;
    }
  }
  return simplex.reduce((best, point) => (point.value < best.value ? point : best));
}

function startSimplex(parameters: readonly Parameter[]): Float64Array[] {
  const start = Float64Array.from(parameters, ({ start: value, low, high }) =>
    Math.min(high, Math.max(low, value)),
  );
  return [
    start,
    ...parameters.map((parameter, index) => {
      const moved = start.slice();
      const from = start[index] as number;
      const step = parameter.step ?? stepOf(parameter);
      moved[index] = from + step > parameter.high ? from - step : from + step;
      return clipped(moved, parameters);
    }),
  ];
}

function stepOf({ start, low, high }: Parameter): number {
  if (Number.isFinite(high - low)) return (high - low) / 10;
  return start === 0 ? 0.1 : Math.abs(start) / 10;
}

function clipped(at: Float64Array, parameters: readonly Parameter[]): Float64Array {
  for (const [index, { low, high }] of parameters.entries())
    at[index] = Math.min(high, Math.max(low, at[index] as number));
  return at;
}

function centreOf(simplex: readonly Minimum[], size: number): Float64Array {
  const centre = new Float64Array(size);
  for (let point = 0; point < size; point++)
    for (let axis = 0; axis < size; axis++)
      centre[axis] = (centre[axis] as number) + ((simplex[point] as Minimum).at[axis] as number) / size;
  return centre;
}
