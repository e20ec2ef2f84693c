import { aliasFault, isLatest } from '../../registry/names.ts';
import { stageOf } from './model-versions-stages.ts';
import {
  inWords,
  noModel,
  refuse,
  type RegistryServices,
  some,
  versionNumber,
  versionWire,
} from './registered-models-wire.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';

const name = { type: 'string', required: true } as const;

/** Aliases, and what came before them: the latest version of each stage. */
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
      const key = { model: input.name, version: versionNumber(input.version) };
      const move = { model: key.model, alias, from: 'any', to: key.version } as const;
      await inWords(store.moveAlias({ ...move, by: caller.name, movedAt: now() }), key);
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
      const removal = { model: input.name, alias, from: 'any', to: undefined } as const;
      await inWords(store.moveAlias({ ...removal, by: caller.name, movedAt: now() }));
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
      const version = isLatest(alias)
        ? (await store.findModel(model))?.latest.at(-1)
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

function noAlias(alias: string): Error {
  return mlflowError('INVALID_PARAMETER_VALUE', `Registered model alias ${alias} not found.`);
}
