import type { RegisteredModel } from '../../registry/model.ts';
import { parseFilter } from '../../tracking/search/filter.ts';
import { registeredModelSearch } from '../../tracking/search/grammar.ts';
import { parseOrders } from '../../tracking/search/order.ts';
import { registeredModelAliasEndpoints } from './registered-models-aliases.ts';
import {
  checkedKey,
  checkedTag,
  checkedName,
  foundModelWire,
  withMlflowErrors,
  modelWire,
  noModel,
  pageSize,
  pageWire,
  type RegistryServices,
  searchFields,
  tagFields,
  tagsOf,
} from './registered-models-wire.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { offsetOf } from './wire/page-token.ts';

const name = { type: 'string', required: true } as const;

/** Registered models: creation, changes, tags, search. */
export const registeredModelEndpoints: readonly Endpoint<RegistryServices>[] = [
  endpoint({
    methods: ['POST'],
    path: '/mlflow/registered-models/create',
    versions: ['2.0'],
    permission: 'write',
    fields: { name, description: { type: 'string' }, ...tagFields },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const { description = '' } = input;
      const model = { name: checkedName(input.name), description, tags: tagsOf(input.tags), at: now() };
      return { registered_model: modelWire(await withMlflowErrors(store.createModel(model))) };
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/registered-models/get',
    versions: ['2.0'],
    permission: 'read',
    fields: { name },
    async handle(input, { registry }: RegistryServices) {
      return { registered_model: modelWire(await modelNamed(input.name, registry.store)) };
    },
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/mlflow/registered-models/update',
    versions: ['2.0'],
    permission: 'write',
    fields: { name, description: { type: 'string' } },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const { description = '' } = input;
      const model = await withMlflowErrors(store.describeModel(input.name, { description, at: now() }));
      return { registered_model: modelWire(model) };
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/registered-models/rename',
    versions: ['2.0'],
    permission: 'deploy',
    fields: { name, new_name: name },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const to = { name: checkedName(input.new_name, 'new_name'), at: now() };
      if (to.name === input.name) return { registered_model: modelWire(await modelNamed(to.name, store)) };
      return { registered_model: modelWire(await withMlflowErrors(store.renameModel(input.name, to))) };
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/registered-models/delete',
    versions: ['2.0'],
    permission: 'delete',
    fields: { name },
    async handle(input, { registry: { store, now } }: RegistryServices, caller) {
      await withMlflowErrors(store.deleteModel(input.name, { by: caller.name, at: now() }));
      return {};
    },
  }),
  endpoint({
    methods: ['GET', 'POST'],
    path: '/mlflow/registered-models/search',
    versions: ['2.0'],
    permission: 'read',
    fields: { ...searchFields, max_results: { type: 'int64', maximum: 1000 } },
    async handle(input, { registry }: RegistryServices) {
      const offset = offsetOf(input.page_token);
      const page = await registry.store.searchModels({
        filter: { kind: 'all', of: parseFilter(input.filter, registeredModelSearch) },
        order: parseOrders(input.order_by, registeredModelSearch),
        limit: pageSize(input.max_results, 100),
        offset,
      });
      const { items, next_page_token } = pageWire(page, { offset, wire: foundModelWire });
      return { registered_models: items, next_page_token };
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/registered-models/set-tag',
    versions: ['2.0'],
    permission: 'write',
    fields: { name, key: name, value: { type: 'string' } },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const { value = '' } = input;
      const tag = { model: input.name, key: checkedTag(input.key, value) };
      await withMlflowErrors(store.setTag(tag, value, now()));
      return {};
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/registered-models/delete-tag',
    versions: ['2.0'],
    permission: 'write',
    fields: { name, key: name },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      await withMlflowErrors(store.deleteTag({ model: input.name, key: checkedKey(input.key) }, now()));
      return {};
    },
  }),
  ...registeredModelAliasEndpoints,
];

async function modelNamed(
  model: string,
  store: RegistryServices['registry']['store'],
): Promise<RegisteredModel> {
  const found = await store.findModel(model);
  if (found) return found;
  throw noModel(model);
}
