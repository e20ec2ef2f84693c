import type { TargetRegistry } from '../../../exchange/mirror/target.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import type { KeyValue } from '../../../tracking/model.ts';
import type { MlflowClient } from '../client.ts';
import { readPages } from '../pages.ts';
import { ifNew, ifThere, listAt, nameTaken, quoted, textAt } from './responses.ts';

const models = '/api/2.0/mlflow/registered-models';
const versions = '/api/2.0/mlflow/model-versions';

/** The registry of an MLflow server. */
export function mlflowRegistry(client: MlflowClient): TargetRegistry {
  return {
    async createModel(name, description, tags) {
      await ifNew(client.post(`${models}/create`, { name, description, tags: bodies(tags) }));
    },
    async renameModel(name, to) {
      const renamed = await ifNew(ifThere(client.post(`${models}/rename`, { name, new_name: to })));
      if (!renamed && (await ifThere(client.get(`${models}/get`, { name })))) throw nameTaken('model', to);
    },
    async describeModel(name, description) {
      await client.patch(`${models}/update`, { name, description });
    },
    async deleteModel(name) {
      await ifThere(client.delete(`${models}/delete`, { name }));
    },
    async setModelTag(name, { key, value }) {
      await client.post(`${models}/set-tag`, { name, key, value });
    },
    async deleteModelTag(name, key) {
      await ifThere(client.delete(`${models}/delete-tag`, { name, key }));
    },
    findVersion: (model, tag) => findVersion(client, model, tag),
    async createVersion({ model, source, runId, loggedModelId, runLink, description, tags }) {
      const created = await client.post(`${versions}/create`, {
        name: model,
        source,
        ...(runId !== undefined && { run_id: runId }),
        ...(loggedModelId !== undefined && { model_id: loggedModelId }),
        ...(runLink !== '' && { run_link: runLink }),
        ...(description !== '' && { description }),
        tags: bodies(tags),
      });
      return textAt(created, 'model_version', 'version');
    },
    async describeVersion({ model, version }, description) {
      await client.patch(`${versions}/update`, { name: model, version, description });
    },
    async moveToStage({ model, version }, stage) {
      await client.post(`${versions}/transition-stage`, {
        name: model,
        version,
        stage,
        archive_existing_versions: false,
      });
    },
    async deleteVersion({ model, version }) {
      await ifThere(client.delete(`${versions}/delete`, { name: model, version }));
    },
    async setVersionTag({ model, version }, { key, value }) {
      await client.post(`${versions}/set-tag`, { name: model, version, key, value });
    },
    async deleteVersionTag({ model, version }, key) {
      await ifThere(client.delete(`${versions}/delete-tag`, { name: model, version, key }));
    },
    async setAlias({ model, version }, alias) {
      await client.post(`${models}/alias`, { name: model, version, alias });
    },
    async deleteAlias(model, alias) {
      await ifThere(client.delete(`${models}/alias`, { name: model, alias }));
    },
  };
}

/** Reads the tags of all versions, because not every server can search by them. */
async function findVersion(
  client: MlflowClient,
  model: string,
  { key, value }: KeyValue,
): Promise<string | undefined> {
  const pages = readPages({
    what: `versions of model ${model}`,
    list: 'model_versions',
    ask: (token) =>
      client.get(`${versions}/search`, {
        filter: `name = ${quoted(model)}`,
        max_results: 1000,
        page_token: token,
      }),
    idOf: (version) => textAt(version, 'version'),
    most: 1_000_000,
  });
  for await (const page of pages)
    for (const version of page)
      if (listAt(version, 'tags').some((tag) => tag['key'] === key && tag['value'] === value))
        return textAt(version, 'version');
  return undefined;
}

function bodies(tags: readonly KeyValue[]): JsonObject[] {
  return tags.map(({ key, value }) => ({ key, value }));
}
