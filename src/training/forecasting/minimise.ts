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
  const evaluate = (at: Float64Array): Minimum => {
    const value = cost(clipped(at, parameters));
    return { at, value: Number.isNaN(value) ? Infinity : value };
  };
  // Always in the order of the values, the lowest first.
  const simplex: Minimum[] = [];
  for (const at of startSimplex(parameters)) insert(simplex, evaluate(at));
  let spent = simplex.length;
  const expand = 1 + 2 / size;
  const contract = 0.75 - 1 / (2 * size);
  const shrink = size === 1 ? 0.5 : 1 - 1 / size;
  const centre = new Float64Array(size);
  while (spent < evaluations) {
    const best = simplex[0] as Minimum;
    const worst = simplex[size] as Minimum;
    if (Math.abs(worst.value - best.value) <= tolerance * (Math.abs(best.value) + tolerance)) break;
    const second = simplex[size - 1] as Minimum;
    setCentre(centre, simplex);
    const along = (share: number): Minimum => {
      const at = new Float64Array(size);
      for (let axis = 0; axis < size; axis++) {
        const middle = centre[axis] as number;
        at[axis] = middle + share * (middle - (worst.at[axis] as number));
      }
      spent++;
      return evaluate(at);
    };
    const reflected = along(1);
    let next: Minimum | undefined = reflected;
    if (reflected.value < best.value) {
      const expanded = along(expand);
      if (expanded.value < reflected.value) next = expanded;
    } else if (!(reflected.value < second.value)) {
      const contracted = along(reflected.value < worst.value ? contract : -contract);
      next = contracted.value < Math.min(reflected.value, worst.value) ? contracted : undefined;
    }
    if (next) {
      simplex.pop();
      insert(simplex, next);
      continue;
    }
    for (const { at } of simplex.splice(1)) {
      const moved = at.map((value, axis) => towards(best.at[axis] as number, value, shrink));
      insert(simplex, evaluate(moved));
      spent++;
    }
  }
  return simplex[0] as Minimum;
}

function towards(best: number, value: number, share: number): number {
  return best + share * (value - best);
}

/** After those of the same value. */
function insert(simplex: Minimum[], point: Minimum): void {
  let at = simplex.length;
  while (at > 0 && (simplex[at - 1] as Minimum).value > point.value) at--;
  simplex.splice(at, 0, point);
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

/** The mean of all points but the worst. */
function setCentre(centre: Float64Array, simplex: readonly Minimum[]): void {
  const size = centre.length;
  centre.fill(0);
  for (let point = 0; point < size; point++) {
    const { at } = simplex[point] as Minimum;
    for (let axis = 0; axis < size; axis++)
      centre[axis] = (centre[axis] as number) + (at[axis] as number) / size;
  }
}
