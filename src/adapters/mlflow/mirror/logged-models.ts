import type { RemoteId } from '../../../exchange/mirror/queue.ts';
import type { TargetLoggedModels } from '../../../exchange/mirror/target.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { LoggedModelStatus } from '../../../tracking/logged-model.ts';
import type { MlflowClient } from '../client.ts';
import { ifThere, listAt, quoted, textAt } from './responses.ts';

const base = '/api/2.0/mlflow/logged-models';

const statuses: Readonly<Record<LoggedModelStatus, string>> = {
  UNSPECIFIED: 'LOGGED_MODEL_STATUS_UNSPECIFIED',
  PENDING: 'LOGGED_MODEL_PENDING',
  READY: 'LOGGED_MODEL_READY',
  FAILED: 'LOGGED_MODEL_UPLOAD_FAILED',
};

/** Logged models of an MLflow server, 3.0 or newer. */
export function mlflowLoggedModels(client: MlflowClient): TargetLoggedModels {
  return {
    async find(experimentId, { key, value }) {
      const found = await client.post(`${base}/search`, {
        experiment_ids: [experimentId],
        filter: `tags.\`${key}\` = ${quoted(value)}`,
        max_results: 1,
      });
      return listAt(found, 'models').map(remoteIdOf)[0];
    },
    async create({ experimentId, name, modelType, sourceRunId, params, tags }) {
      const created = await client.post(base, {
        experiment_id: experimentId,
        name,
        ...(modelType !== '' && { model_type: modelType }),
        ...(sourceRunId !== '' && { source_run_id: sourceRunId }),
        params: params.map((param) => ({ ...param })),
        tags: tags.map((tag) => ({ ...tag })),
      });
      return remoteIdOf(created['model'] as JsonObject);
    },
    async finalize(id, status) {
      await client.patch(`${base}/${id}`, { model_id: id, status: statuses[status] });
    },
    async logParam(id, param) {
      await client.post(`${base}/${id}/params`, { model_id: id, params: [{ ...param }] });
    },
    async setTag(id, tag) {
      await client.patch(`${base}/${id}/tags`, { model_id: id, tags: [{ ...tag }] });
    },
    async deleteTag(id, key) {
      await ifThere(
        client.delete(`${base}/${id}/tags/${encodeURIComponent(key)}`, { model_id: id, tag_key: key }),
      );
    },
    async delete(id) {
      await ifThere(client.delete(`${base}/${id}`, { model_id: id }));
    },
  };
}

function remoteIdOf(model: JsonObject): RemoteId {
  return { id: textAt(model, 'info', 'model_id'), artifactUri: textAt(model, 'info', 'artifact_uri') };
}
