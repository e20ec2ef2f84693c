import { type ErrorCode, PlatformError } from '../kernel/errors.ts';
import type { Python } from '../project/python.ts';

/**
 * Python for one task. Installations and jobs print into its log. A model whose packages do not install, or that does not
 * predict, is MODEL_UNSUPPORTED: its errors have other codes than those of the task, such as STEP_FAILED of its process.
 */
export function taskPython(python: Python, log: (line: string) => void): Python {
  return {
    run: (job) => python.run({ log, ...job }),
    async open(model) {
      const opened = await opening(() => python.open({ log, ...model }));
      return {
        flavor: opened.flavor,
        features: opened.features,
        predict: (rows, as) => predicting(() => opened.predict(rows, as)),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
    async openForecaster(model) {
      const opened = await opening(() => python.openForecaster({ log, ...model }));
      return {
        flavor: opened.flavor,
        forecast: (rows) => predicting(() => opened.forecast(rows)),
        [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose](),
      };
    },
  };
}

/** A store that cannot be reached while the files are read is NOT_READY, which is no fault of the model. */
const opening = faultsOfModel(['STEP_FAILED', 'INPUT_INVALID']);

const predicting = faultsOfModel(['NOT_READY', 'INPUT_INVALID']);

function faultsOfModel(codes: readonly ErrorCode[]): <Value>(work: () => Promise<Value>) => Promise<Value> {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PlatformError) || !codes.includes(error.code)) throw error;
      throw new PlatformError('MODEL_UNSUPPORTED', error.detail, { cause: error });
    }
  };
}
