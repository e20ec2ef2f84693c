import { z } from 'zod';
import { float64In } from '../../kernel/bytes-of.ts';
import type { ForecasterProcess, ForecastRows, PyfuncModel } from '../../project/python.ts';
import type { EnvironmentDeps } from './environments.ts';
import { openModel } from './open-pyfunc.ts';

const loadedForecaster = z.object({ flavor: z.string() });

/** Opens an MLflow model that forecasts series. */
export async function openForecaster(model: PyfuncModel, deps: EnvironmentDeps): Promise<ForecasterProcess> {
  const opened = await openModel(model, { as: 'forecasts', loaded: loadedForecaster }, deps);
  return {
    flavor: opened.loaded.flavor,
    async forecast(rows: ForecastRows) {
      const { body } = await opened.request({}, new TextEncoder().encode(JSON.stringify(rows)));
      return float64In(body);
    },
    [Symbol.asyncDispose]: () => opened.close(),
  };
}
