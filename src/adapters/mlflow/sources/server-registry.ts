import type { SourceModel, SourceVersion } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { promptTag } from '../../../registry/model.ts';
import { isAbsent } from '../failure.ts';
import { keyValuesIn, listIn, numberIn, recordOf, someText, textIn } from './fields.ts';
import type { ServerCalls } from './server-calls.ts';
import { loggedModelIn } from './enum-values.ts';

const api = '/api/2.0/mlflow';
const ofPrompts = `tag.\`${promptTag}\` = 'true'`;

/** Models and prompts. Servers with prompts list them only in a search that asks for them. */
export async function* serverModels(calls: ServerCalls): AsyncGenerator<SourceModel> {
  const seen = new Set<string>();
  for (const filter of [undefined, ofPrompts]) {
    const models = calls.items({
      what: 'registered models',
      list: 'registered_models',
      ask: (token) =>
        calls.get(`${api}/registered-models/search`, { max_results: 100, filter, page_token: token }),
      idOf: (model) => textIn(model, 'name'),
      most: 1_000_000,
    });
    for await (const model of models) {
      const name = textIn(model, 'name');
      if (!seen.has(name)) yield readModel(model);
      seen.add(name);
    }
  }
}

export async function* serverVersions(calls: ServerCalls, model: string): AsyncGenerator<SourceVersion> {
  const seen = new Set<string>();
  const named = `name=${model.includes("'") ? `"${model}"` : `'${model}'`}`;
  for (const filter of [named, `${named} AND ${ofPrompts}`]) {
    const versions = calls.items({
      what: `versions of model ${model}`,
      list: 'model_versions',
      ask: (token) =>
        calls.get(`${api}/model-versions/search`, { max_results: 1000, filter, page_token: token }),
      idOf: (version) => textIn(version, 'version'),
      most: 1_000_000,
    });
    for await (const version of versions) {
      const number = textIn(version, 'version');
      if (!seen.has(number)) yield await readVersion(calls, version);
      seen.add(number);
    }
  }
}

function readModel(model: JsonObject): SourceModel {
  const createdAt = numberIn(model, 'creation_timestamp') ?? 0;
  return {
    name: textIn(model, 'name'),
    description: textIn(model, 'description'),
    tags: recordOf(keyValuesIn(model, 'tags')),
    aliases: Object.fromEntries(
      listIn(model, 'aliases').map((entry) => [textIn(entry, 'alias'), numberIn(entry, 'version') ?? 0]),
    ),
    createdAt,
    updatedAt: numberIn(model, 'last_updated_timestamp') ?? createdAt,
  };
}

async function readVersion(calls: ServerCalls, version: JsonObject): Promise<SourceVersion> {
  const source = textIn(version, 'source');
  const createdAt = numberIn(version, 'creation_timestamp') ?? 0;
  const model = textIn(version, 'name');
  return {
    model,
    version: numberIn(version, 'version') ?? 0,
    source,
    storage: /^models:/i.test(source) ? await storageOf(calls, version) : undefined,
    runId: someText(version, 'run_id'),
    runLink: textIn(version, 'run_link'),
    loggedModelId: someText(version, 'model_id') ?? loggedModelIn(source),
    description: textIn(version, 'description'),
    stage: textIn(version, 'current_stage') || 'None',
    tags: recordOf(keyValuesIn(version, 'tags')),
    createdAt,
    updatedAt: numberIn(version, 'last_updated_timestamp') ?? createdAt,
    status: textIn(version, 'status') || 'READY',
    user: textIn(version, 'user_id'),
  };
}

/** The storage of a version that was created from another version or a logged model. */
async function storageOf(calls: ServerCalls, version: JsonObject): Promise<string | undefined> {
  const key = { name: textIn(version, 'name'), version: textIn(version, 'version') };
  const response = await calls.get(`${api}/model-versions/get-download-uri`, key).catch((error: unknown) => {
    if (isAbsent(error)) return {};
    throw error;
  });
  return someText(response, 'artifact_uri');
}
