import { expect, test } from 'vitest';
import { type ErrorCode, PlatformError } from '../kernel/errors.ts';
import type { ForecastRows, Python } from '../project/python.ts';
import { taskPython } from './task-python.ts';

const model = { files: ['MLmodel'], read: async () => new Uint8Array() };
const matrix = { features: ['a'], rows: 1, columns: [Float32Array.of(1)] };
const rows: ForecastRows = {
  columns: { series: 'store', time: 'day' },
  series: [],
  times: [],
  positions: [],
  steps: [],
};

/** Python whose models fail. */
function failing(where: 'open' | 'predict', code: ErrorCode): Python {
  const fail = (): Promise<never> =>
    Promise.reject(new PlatformError(code, { field: 'model', value: 1, remedy: 'Log it again.' }));
  const close = { flavor: 'sklearn', [Symbol.asyncDispose]: async () => {} };
  return {
    run: fail,
    open: async () => (where === 'open' ? fail() : { ...close, features: ['a'], predict: fail }),
    openForecaster: async () => (where === 'open' ? fail() : { ...close, forecast: fail }),
  };
}

test.each([
  ['open', 'STEP_FAILED', 'MODEL_UNSUPPORTED'],
  ['open', 'INPUT_INVALID', 'MODEL_UNSUPPORTED'],
  ['open', 'MODEL_TIMED_OUT', 'MODEL_TIMED_OUT'],
  ['open', 'NOT_READY', 'NOT_READY'],
  ['open', 'BLOB_NOT_FOUND', 'BLOB_NOT_FOUND'],
  ['predict', 'NOT_READY', 'MODEL_UNSUPPORTED'],
  ['predict', 'INPUT_INVALID', 'MODEL_UNSUPPORTED'],
  ['predict', 'MODEL_BUSY', 'MODEL_BUSY'],
] as const)('a model that fails to %s with %s is %s in a task', async (where, code, expected) => {
  const python = taskPython(failing(where, code), () => {});
  const error = { code: expected, detail: { field: 'model', value: 1, remedy: 'Log it again.' } };
  const predicts = async (): Promise<unknown> => (await python.open(model)).predict(matrix, 'values');
  const forecasts = async (): Promise<unknown> => (await python.openForecaster(model)).forecast(rows);
  await expect(predicts()).rejects.toMatchObject(error);
  await expect(forecasts()).rejects.toMatchObject(error);
});
