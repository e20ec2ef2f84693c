import type { Fault, MirrorTarget } from '../../../exchange/mirror/target.ts';
import type { MlflowClient } from '../client.ts';
import { MlflowFailure } from '../failure.ts';
import { mlflowExperiments } from './experiments.ts';
import { mlflowFiles } from './files.ts';
import { mlflowLoggedModels } from './logged-models.ts';
import { mlflowRegistry } from './registry.ts';
import { mlflowRuns } from './runs.ts';

/** A server with MLflow's REST API as the target of a mirror. It closes the client. */
export function mlflowTarget(client: MlflowClient): MirrorTarget {
  return {
    url: client.url,
    experiments: mlflowExperiments(client),
    runs: mlflowRuns(client),
    loggedModels: mlflowLoggedModels(client),
    registry: mlflowRegistry(client),
    files: mlflowFiles(client),
    async check() {
      await client.get('/api/2.0/mlflow/experiments/search', { max_results: 1 });
    },
    faultOf,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** The server is overloaded or cannot be reached, or the credentials are wrong: no change can be sent. */
const away: ReadonlySet<number> = new Set([401, 407, 408, 425, 429, 502, 503, 504]);

function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof MlflowFailure)) return undefined;
  const { httpStatus, after, message: reason } = error;
  if (error.isEndless) return { kind: 'refused', reason };
  if (httpStatus === undefined || httpStatus < 400 || away.has(httpStatus))
    return { kind: 'away', after, reason };
  return error.mayPass ? { kind: 'failed', reason } : { kind: 'refused', reason };
}
