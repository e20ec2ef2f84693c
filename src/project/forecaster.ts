import type { JsonObject } from '../kernel/json.ts';
import type { Trainer } from './trainer.ts';

/** A way to continue a series, with its options. */
export interface Forecaster {
  readonly kind: 'forecaster';
  readonly name: ForecasterName;
  readonly options: JsonObject;
  /** Of `blend`: the forecasters that are averaged. @default none */
  readonly parts?: readonly Forecaster[];
  /** Of `treesOnLags`: the trainer. @default boosted trees */
  readonly trainer?: Trainer;
}

export type ForecasterName =
  | 'seasonal-naive'
  | 'ets'
  | 'theta'
  | 'mstl'
  | 'arima'
  | 'trees-on-lags'
  | 'blend';

export type ArimaOrder = readonly [p: number, d: number, q: number];

function forecaster(name: ForecasterName, options: object = {}): Forecaster {
  return { kind: 'forecaster', name, options: options as JsonObject };
}

/** Repeats the last season. */
export function seasonalNaive(): Forecaster {
  return forecaster('seasonal-naive');
}

/** Exponential smoothing; error, trend and season are chosen by AICc. */
export function ets(): Forecaster {
  return forecaster('ets');
}

/** The Theta method. `dynamic` optimises it at each step; `log` forecasts logarithms and corrects the bias. */
export function theta(options: { readonly dynamic?: boolean; readonly log?: boolean } = {}): Forecaster {
  return forecaster('theta', options);
}

/** Several seasons, separated by loess, each continued on its own. */
export function mstl(options: { readonly log?: boolean } = {}): Forecaster {
  return forecaster('mstl', options);
}

/** @param options orders. @default orders chosen by AICc */
export function arima(
  options: { readonly order?: ArimaOrder; readonly seasonal?: ArimaOrder } = {},
): Forecaster {
  return forecaster('arima', options);
}

/** One model of all series, from the last `lags` values of each. */
export function treesOnLags({
  trees,
  ...options
}: {
  readonly lags: number;
  readonly trees?: Trainer<string, object, 'number'>;
}): Forecaster {
  return { ...forecaster('trees-on-lags', options), ...(trees && { trainer: trees as Trainer }) };
}

/** The mean of several forecasters. @example blend([theta(), ets()]) */
export function blend(parts: readonly Forecaster[]): Forecaster {
  return { ...forecaster('blend'), parts };
}

/** How a forecast is evaluated. */
export interface RollingOrigin {
  readonly kind: 'rolling-origin';
  readonly folds: number;
}

/** The last `folds` horizons of each series; each is forecast from the values before it. */
export function rollingOrigin({ folds }: { readonly folds: number }): RollingOrigin {
  return { kind: 'rolling-origin', folds };
}
