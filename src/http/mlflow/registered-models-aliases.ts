import type { ModelVersion } from '../../registry/model.ts';
import { aliasFault, aliasTextFault, isLatest } from '../../registry/names.ts';
import { stageOf } from './model-versions-stages.ts';
import {
  withMlflowErrors,
  noModel,
  refuse,
  type RegistryServices,
  some,
  versionKey,
  versionWire,
} from './registered-models-wire.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';

const name = { type: 'string', required: true } as const;

/** Aliases, and their predecessors: the latest version of each stage. */
export const registeredModelAliasEndpoints: readonly Endpoint<RegistryServices>[] = [
  endpoint({
    methods: ['POST'],
    path: '/mlflow/registered-models/alias',
    versions: ['2.0'],
    permission: 'deploy',
    fields: { name, alias: name, version: name },
    async handle(input, { registry: { store, now } }: RegistryServices, caller) {
      const { alias } = input;
      refuse(aliasFault(alias));
      const key = versionKey(input);
      const move = { model: key.model, alias, from: 'any', to: key.version } as const;
      await withMlflowErrors(store.moveAlias({ ...move, by: caller.name, movedAt: now() }), key);
      return {};
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/registered-models/alias',
    versions: ['2.0'],
    permission: 'deploy',
    fields: { name, alias: name },
    async handle(input, { registry: { store, now } }: RegistryServices, caller) {
      const { alias } = input;
      refuse(aliasTextFault(alias));
      const removal = { model: input.name, alias, from: 'any', to: undefined } as const;
      await withMlflowErrors(store.moveAlias({ ...removal, by: caller.name, movedAt: now() }));
      return {};
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/registered-models/alias',
    versions: ['2.0'],
    permission: 'read',
    fields: { name, alias: name },
    async handle({ name: model, alias }, { registry: { store } }: RegistryServices) {
      refuse(aliasTextFault(alias));
      const version = isLatest(alias)
        ? newestOf((await store.findModel(model))?.latest)
        : await store.findAliased({ model, alias });
      if (!version) throw noAlias(alias);
      return { model_version: versionWire(version) };
    },
  }),
  endpoint({
    methods: ['GET', 'POST'],
    path: '/mlflow/registered-models/get-latest-versions',
    versions: ['2.0'],
    permission: 'read',
    fields: { name, stages: { type: 'string', repeated: true } },
    async handle(input, { registry }: RegistryServices) {
      const model = await registry.store.findModel(input.name);
      if (!model) throw noModel(input.name);
      const asked = input.stages.map(stageOf);
      const found = model.latest.filter(({ stage }) => asked.length === 0 || asked.includes(stage));
      return { model_versions: some(found.map(versionWire)) };
    },
  }),
];

function newestOf(latest: readonly ModelVersion[] = []): ModelVersion | undefined {
  return latest.toSorted((a, b) => b.version - a.version)[0];
}

function noAlias(alias: string): Error {
  return mlflowError('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`);
}
