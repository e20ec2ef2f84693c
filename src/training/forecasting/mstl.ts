import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as Augurs from '@bsull/augurs/mstl';
import { fromLogs, type Logarithms } from './logarithms.ts';
import { isConstant } from './statistics.ts';

export interface MstlOptions {
  /** Forecasts logarithms; only for positive values. */
  readonly log: Logarithms;
}

/** Seasons by loess, repeated; the rest by exponential smoothing without a season. Needs a season and two of its lengths. */
export function mstlForecast(
  values: Float64Array,
  { period, horizon, log }: MstlOptions & { readonly period: number; readonly horizon: number },
): Float64Array | undefined {
  if (isConstant(values)) return new Float64Array(horizon).fill(values[0] as number);
  if (period < 2 || values.length < 2 * period + 1) return undefined;
  const { MSTL } = augurs();
  const model = MSTL.ets([period]);
  try {
    const learned = log ? values.map(Math.log) : values;
    model.fit(learned);
    const { point } = model.predict(horizon);
    if (!log) return Float64Array.from(point);
    return fromLogs(point, log, errorVariance(learned, model.predictInSample().point));
  } finally {
    model.free();
  }
}

function errorVariance(values: Float64Array, fitted: readonly number[]): number {
  return values.reduce((sum, value, at) => sum + (value - (fitted[at] ?? value)) ** 2, 0) / values.length;
}

let loaded: typeof Augurs | undefined;

/**
 * Loaded with the first forecast, because a server does not need it to start. The package fetches its WebAssembly by URL in a
 * browser; here it is a file beside the module.
 */
function augurs(): typeof Augurs {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const module = require('@bsull/augurs/mstl') as typeof Augurs;
  const path = join(dirname(require.resolve('@bsull/augurs/mstl')), 'mstl_bg.wasm');
  module.initSync({ module: readFileSync(path) });
  loaded = module;
  return module;
}
