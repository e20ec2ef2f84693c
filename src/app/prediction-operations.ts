import type { Operations, PredictInput, PredictOutput } from '../api/routes.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { PlatformError } from '../kernel/errors.ts';
import { isPredictionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Caller } from '../serving/endpoint.ts';
import type { PredictionLog } from '../serving/prediction-log.ts';
import type { LoadCode } from '../serving/version.ts';
import { modelNamed, type Projects, required } from './hosted-models.ts';
import type { ViewStores } from './model-views.ts';
import { notServed } from './not-served.ts';
import { explainView, predictionView } from './prediction-views.ts';

export interface PredictionDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
  readonly blobs: BlobStore;
  readonly loadCode: LoadCode;
  readonly predictions: PredictionLog;
}

export function predictionOperations(
  deps: PredictionDeps,
  caller: Caller,
): Pick<Operations, 'predict' | 'explain'> {
  const { projects, predictions } = deps;
  return {
    async predict<Request extends JsonObject | readonly JsonObject[]>({
      endpoint: name,
      request,
      explain = false,
    }: PredictInput<Request>) {
      const hosted = modelNamed(projects, name, 'endpoint');
      const { endpoint } = hosted;
      const nameRows = Array.isArray(request);
      const rows = (nameRows ? request : [request]) as readonly JsonObject[];
      const served = await endpoint
        .predict(rows, caller, { explain, nameRows })
        .catch(async (error: unknown) => {
          const isUnserved =
            error instanceof PlatformError && error.code === 'NOT_READY' && !endpoint.current();
          throw isUnserved ? await notServed(hosted, deps.stores.registry) : error;
        });
      const views = served.map((prediction, index) =>
        predictionView(prediction, { endpoint: name, request: rows[index] ?? {} }),
      );
      return (nameRows ? views : views[0]) as PredictOutput<Request>;
    },
    async explain({ prediction: id }) {
      const record = required(
        isPredictionId(id) ? await predictions.find(id) : undefined,
        'PREDICTION_NOT_FOUND',
        {
          field: 'prediction',
          value: id,
          remedy: 'Give the predictionId of a prediction that was made on this machine.',
        },
      );
      const hosted = projects().find(({ plan }) => plan.project.name === record.project);
      return explainView(record, { ...deps, project: hosted?.plan.project });
    },
  };
}
