import { aliasFault, isLatest } from '../../registry/names.ts';
import { stageOf } from './model-versions-stages.ts';
import {
  byClient,
  inWords,
  noModel,
  noVersion,
  refuse,
  type RegistryServices,
  some,
  versionNumber,
  versionWire,
} from './registered-models-wire.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import type { WireObject } from './wire/json.ts';

const name = { type: 'string', required: true } as const;

/** Aliases, and what came before them: the latest version of each stage. */
export const registeredModelAliasEndpoints: readonly Endpoint<RegistryServices>[] = [
  endpoint({
    methods: ['POST'],
    path: '/mlflow/registered-models/alias',
    versions: ['2.0'],
    permission: 'write',
    fields: { name, alias: name, version: name },
    async handle(input, { registry: { catalogue, now } }: RegistryServices) {
      const { alias } = input;
      refuse(aliasFault(alias));
      const key = { model: input.name, version: versionNumber(input.version) };
      await inWords(catalogue.putAlias({ ...key, alias }, { by: byClient, at: now() }), key);
      return {};
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/registered-models/alias',
    versions: ['2.0'],
    permission: 'write',
    fields: { name, alias: name },
    async handle(input, { registry: { catalogue, now } }: RegistryServices) {
      const { alias } = input;
      await inWords(catalogue.removeAlias({ model: input.name, alias }, { by: byClient, at: now() }));
      return {};
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/registered-models/alias',
    versions: ['2.0'],
    permission: 'read',
    fields: { name, alias: name },
    async handle(input, { registry }: RegistryServices) {
      const model = await registry.catalogue.findModel(input.name);
      const newest = isLatest(input.alias) ? model?.latest.at(-1)?.version : undefined;
      const aliased = new Map(Object.entries(model?.aliases ?? {})).get(input.alias);
      const version = newest ?? aliased;
      if (version === undefined) throw noAlias(input.alias);
      return { model_version: await wireOf({ model: input.name, version }, registry) };
    },
  }),
  endpoint({
    methods: ['GET', 'POST'],
    path: '/mlflow/registered-models/get-latest-versions',
    versions: ['2.0'],
    permission: 'read',
    fields: { name, stages: { type: 'string', repeated: true } },
    async handle(input, { registry }: RegistryServices) {
      const model = await registry.catalogue.findModel(input.name);
      if (!model) throw noModel(input.name);
      const asked = input.stages.map(stageOf);
      const found = model.latest.filter(({ stage }) => asked.length === 0 || asked.includes(stage));
      return { model_versions: some(found.map(versionWire)) };
    },
  }),
];

function noAlias(alias: string): Error {
  return mlflowError('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`);
}

async function wireOf(
  key: { readonly model: string; readonly version: number },
  { catalogue }: RegistryServices['registry'],
): Promise<WireObject> {
  const version = await catalogue.findVersion(key);
  if (!version) throw noVersion(key);
  return versionWire(version);
}
