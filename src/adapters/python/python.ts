import type { Python } from '../../project/python.ts';
import type { EnvironmentDeps } from './environments.ts';
import { openForecaster } from './open-forecaster.ts';
import { openPyfunc } from './open-pyfunc.ts';
import { runJob } from './run-job.ts';

/** Python in processes of their own. Nothing is started, and no Python is needed, before the first call. */
export function openPython(deps: EnvironmentDeps): Python {
  return {
    run: (job) => runJob(job, deps),
    open: (model) => openPyfunc(model, deps),
    openForecaster: (model) => openForecaster(model, deps),
  };
}
