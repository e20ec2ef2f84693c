import type { JsonObject } from '../../kernel/json.ts';
import type { Trainer } from './trainer.ts';
import { isOptions } from './trainer-shape.ts';

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
  | 'naive'
  | 'seasonal-naive'
  | 'ets'
  | 'theta'
  | 'mstl'
  | 'arima'
  | 'trees-on-lags'
  | 'blend'
  | 'external';

/** `external()`: the forecast's versions are trained elsewhere. */
export type ExternalForecaster = Trainer<'external'>;

/** A candidate as data. */
export function asForecaster(candidate: Forecaster | ExternalForecaster): Forecaster {
  const isExternal = candidate?.kind === 'trainer' && candidate.type?.definition.external === true;
  return isExternal ? forecaster('external') : (candidate as Forecaster);
}

/** Whether the versions of a candidate are trained elsewhere. */
export function isExternalForecaster(candidate: Forecaster | undefined): boolean {
  return candidate?.name === 'external';
}

export type ArimaOrder = readonly [p: number, d: number, q: number];

function forecaster(name: ForecasterName, options: object = {}): Forecaster {
  return { kind: 'forecaster', name, options: options as JsonObject };
}

/** What is given to one without options is refused by `defineProject`. */
type NoOptions = Readonly<Record<string, never>>;

/** Repeats the last value. */
export function naive(options: NoOptions = {}): Forecaster {
  return forecaster('naive', options);
}

/** Repeats the last season. */
export function seasonalNaive(options: NoOptions = {}): Forecaster {
  return forecaster('seasonal-naive', options);
}

/** Exponential smoothing; error, trend and season are chosen by AICc. */
export function ets(options: NoOptions = {}): Forecaster {
  return forecaster('ets', options);
}

/** Whether logarithms are forecast: `true` returns the mean by a correction of the bias, 'median' goes without it. */
type Logarithms = boolean | 'median';

/** The Theta method. `dynamic` optimises it at each step; `log` forecasts logarithms. */
export function theta(options: { readonly dynamic?: boolean; readonly log?: Logarithms } = {}): Forecaster {
  return forecaster('theta', options);
}

/** The season is separated by loess, and the rest continued by exponential smoothing. `log` forecasts logarithms. */
export function mstl(options: { readonly log?: Logarithms } = {}): Forecaster {
  return forecaster('mstl', options);
}

/** @param options orders. @default orders chosen by AICc */
export function arima(
  options: { readonly order?: ArimaOrder; readonly seasonal?: ArimaOrder } = {},
): Forecaster {
  return forecaster('arima', options);
}

/** One model of all series, from the last `lags` values of each. */
export function treesOnLags(given: {
  readonly lags: number;
  readonly trees?: Trainer<string, object, 'number'>;
}): Forecaster {
  if (!isOptions(given)) return forecaster('trees-on-lags', given);
  const { trees, ...options } = given;
  return {
    ...forecaster('trees-on-lags', options),
    ...(trees !== undefined && { trainer: trees as Trainer }),
  };
}

/**
 * The mean of several forecasters; with `pick: 'best'` of those among them whose mean had the lowest error from past origins.
 * @example blend([theta(), ets(), mstl({ log: true })], { pick: 'best' })
 */
export function blend(
  parts: readonly Forecaster[],
  options: {
    /** @default 'all' */
    readonly pick?: 'all' | 'best';
  } = {},
): Forecaster {
  const isDefault = isOptions(options) && Object.keys(options).join() === 'pick' && options.pick === 'all';
  return { ...forecaster('blend', isDefault ? {} : options), parts };
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
