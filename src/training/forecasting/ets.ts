import { type EtsForm, type EtsModel, runEts } from './ets-model.ts';
import { minimise, type Parameter } from './minimise.ts';
import { decompose, deseasonalise } from './season.ts';
import { isConstant, lineThrough, mean } from './statistics.ts';

/** Exponential smoothing; the form is chosen by AICc from all that suit the values. */
export function etsForecast(
  values: Float64Array,
  { period, horizon }: { readonly period: number; readonly horizon: number },
): Float64Array {
  if (values.length < 4 || isConstant(values)) return new Float64Array(horizon).fill(values.at(-1) as number);
  return runEts(values, selectEts(values, period), { horizon }).forecast;
}

/** The model with the lowest AICc. Forms whose first evaluations are far behind the best are not fitted to the end. */
export function selectEts(values: Float64Array, period: number): EtsModel {
  const sketches = formsFor(values, period).map((form) => ({
    form,
    aicc: fitEts(values, form, { period, evaluations: fewEvaluations }).aicc,
  }));
  const lowest = Math.min(...sketches.map(({ aicc }) => aicc));
  let best: { readonly model: EtsModel; readonly aicc: number } | undefined;
  for (const { form, aicc } of sketches) {
    if (aicc > lowest + farBehind) continue;
    const fitted = fitEts(values, form, { period });
    if (!best || fitted.aicc < best.aicc) best = fitted;
  }
  return best?.model ?? fitEts(values, { error: 'A', trend: 'N', season: 'N' }, { period: 1 }).model;
}

/** Of the likelihood, for each parameter. */
const fewEvaluations = 8;
const enoughEvaluations = 60;
/** In AICc. It drops the best form of fewer than 1% of the monthly series of M3. */
const farBehind = 12;

/** Multiplicative forms need positive values, and a season two of its lengths. */
function formsFor(values: Float64Array, period: number): readonly EtsForm[] {
  const positive = values.every((value) => value > 0);
  const seasonal = period > 1 && values.length >= 2 * period + 1;
  const errors = positive ? (['A', 'M'] as const) : (['A'] as const);
  return errors.flatMap((error) =>
    (['N', 'A', 'Ad'] as const).flatMap((trend) =>
      (['N', 'A', 'M'] as const)
        .filter((season) => season === 'N' || (seasonal && (season === 'A' || error === 'M')))
        .map((season) => ({ error, trend, season }))
        .filter((form) => values.length > countOf(form, period) + 2),
    ),
  );
}

/** Smoothing parameters, initial states, and the variance. */
function countOf({ trend, season }: EtsForm, period: number): number {
  const ofTrend = { N: 0, A: 2, Ad: 3 }[trend];
  return 3 + ofTrend + (season === 'N' ? 0 : period);
}

export function fitEts(
  values: Float64Array,
  form: EtsForm,
  { period, evaluations = enoughEvaluations }: { readonly period: number; readonly evaluations?: number },
): { readonly model: EtsModel; readonly aicc: number } {
  const { trend, season } = form;
  const start = startOf(values, form, period);
  const scale = mean(values.map(Math.abs)) || 1;
  const trended = trend !== 'N';
  const parameters: readonly Parameter[] = [
    { start: season === 'N' ? 0.3 : 0.2, low: 1e-4, high: 0.9999 },
    { start: start.level / scale, low: -Infinity, high: Infinity, step: 0.1 },
    ...(trended ? [{ start: 0.1, low: 1e-4, high: 0.9999 }] : []),
    ...(trended ? [{ start: start.slope / scale, low: -Infinity, high: Infinity, step: 0.01 }] : []),
    ...(trend === 'Ad' ? [{ start: 0.95, low: 0.8, high: 0.98, step: 0.02 }] : []),
    ...(season === 'N' ? [] : [{ start: 0.1, low: 1e-4, high: 0.9999 }]),
  ];
  // One object is changed for each point: to make one takes longer than to run the model.
  const model: Changing<EtsModel> = { ...form, ...start, alpha: 0, beta: 0, gamma: 0, phi: 1 };
  const set = (at: Float64Array): EtsModel => {
    model.alpha = at[0] as number;
    model.level = (at[1] as number) * scale;
    if (trended) {
      model.beta = model.alpha * (at[2] as number);
      model.slope = (at[3] as number) * scale;
    }
    if (trend === 'Ad') model.phi = at[4] as number;
    if (season !== 'N') model.gamma = (1 - model.alpha) * (at[at.length - 1] as number);
    return model;
  };
  const options = { horizon: 0, states: start.figure.slice() };
  const { at, value } = minimise((point) => runEts(values, set(point), options).loss, parameters, {
    evaluations: evaluations * parameters.length,
    tolerance: 1e-6,
  });
  const count = countOf(form, period);
  const correction = (2 * count * (count + 1)) / (values.length - count - 1);
  return { model: { ...set(at) }, aicc: value + 2 * count + correction };
}

type Changing<Type> = { -readonly [Name in keyof Type]: Type[Name] };

interface Start {
  readonly level: number;
  readonly slope: number;
  readonly figure: Float64Array;
}

/** The season by decomposition, level and slope from a line through the first values without it. */
function startOf(values: Float64Array, { trend, season }: EtsForm, period: number): Start {
  const parts =
    season === 'N' ? undefined : decompose(values, period, season === 'A' ? 'additive' : 'multiplicative');
  const floored =
    parts?.kind === 'multiplicative'
      ? { ...parts, figure: parts.figure.map((share) => Math.max(share, 0.01)) }
      : parts;
  const flat = floored ? deseasonalise(values, floored) : values;
  const first = flat.subarray(0, Math.min(flat.length, Math.max(10, 2 * period)));
  const line = lineThrough(first);
  return {
    level: trend === 'N' ? mean(first) : line.level - line.slope,
    slope: trend === 'N' ? 0 : line.slope,
    figure: floored?.figure ?? Float64Array.of(1),
  };
}
