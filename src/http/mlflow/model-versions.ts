import { parseFilter } from '../../tracking/search/filter.ts';
import { modelVersionSearch } from '../../tracking/search/grammar.ts';
import { parseOrders } from '../../tracking/search/order.ts';
import { locateSource, type NoteServices, noteVersion } from './model-versions-create.ts';
import { refuseArchiving, stageOf } from './model-versions-stages.ts';
import {
  checkedKey,
  checkedVersionTag,
  withMlflowErrors,
  listedVersionWire,
  type NamedVersion,
  noVersion,
  pageWire,
  type RegistryServices,
  searchFields,
  tagFields,
  tagsOf,
  versionKey,
  versionWire,
} from './registered-models-wire.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import { offsetOf } from './wire/page-token.ts';

const text = { type: 'string', required: true } as const;
const key = { name: text, version: text } as const;

/** Model versions: creation, changes, stages, tags, search, and their files. */
export const modelVersionEndpoints: readonly Endpoint<NoteServices>[] = [
  endpoint({
    methods: ['POST'],
    path: '/mlflow/model-versions/create',
    versions: ['2.0'],
    permission: 'write',
    fields: {
      name: text,
      source: text,
      run_id: { type: 'string' },
      run_link: { type: 'string' },
      description: { type: 'string' },
      model_id: { type: 'string' },
      ...tagFields,
    },
    async handle(input, { registry, log }: NoteServices) {
      const { name: model, source, run_link: runLink = '', description = '' } = input;
      const tags = tagsOf(input.tags, checkedVersionTag);
      const loggedModelId = input.model_id || undefined;
      const placed = await locateSource(
        { source, runId: input.run_id || undefined, loggedModelId },
        registry,
      );
      const newVersion = {
        model,
        source,
        ...placed,
        runLink,
        loggedModelId,
        description,
        tags,
        at: registry.now(),
      };
      const version = await withMlflowErrors(registry.store.createVersion(newVersion));
      await noteVersion(version, { registry, log });
      return { model_version: versionWire(version) };
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/model-versions/get',
    versions: ['2.0'],
    permission: 'read',
    fields: key,
    async handle(input, { registry }: RegistryServices) {
      return { model_version: versionWire(await versionAsked(input, registry)) };
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/model-versions/get-download-uri',
    versions: ['2.0'],
    permission: 'read',
    fields: key,
    async handle(input, { registry }: RegistryServices) {
      return { artifact_uri: (await versionAsked(input, registry)).storage };
    },
  }),
  endpoint({
    methods: ['PATCH'],
    path: '/mlflow/model-versions/update',
    versions: ['2.0'],
    permission: 'write',
    fields: { ...key, description: { type: 'string' } },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const asked = versionKey(input);
      const { description = '' } = input;
      const version = await withMlflowErrors(store.describeVersion(asked, { description, at: now() }), asked);
      return { model_version: versionWire(version) };
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/model-versions/delete',
    versions: ['2.0'],
    permission: 'delete',
    fields: key,
    async handle(input, { registry: { store, now } }: RegistryServices, caller) {
      const asked = versionKey(input);
      await withMlflowErrors(store.deleteVersion(asked, { by: caller.name, at: now() }), asked);
      return {};
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/model-versions/transition-stage',
    versions: ['2.0'],
    permission: 'deploy',
    fields: { ...key, stage: text, archive_existing_versions: { type: 'bool' } },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const asked = versionKey(input);
      const stage = stageOf(input.stage);
      const { archive_existing_versions: archiveOthers = false } = input;
      if (archiveOthers) refuseArchiving(stage, input.stage);
      const version = await withMlflowErrors(
        store.moveToStage(asked, { stage, archiveOthers, at: now() }),
        asked,
      );
      return { model_version: versionWire(version) };
    },
  }),
  endpoint({
    methods: ['GET', 'POST'],
    path: '/mlflow/model-versions/search',
    versions: ['2.0'],
    permission: 'read',
    fields: { ...searchFields, max_results: { type: 'int64', maximum: 200_000 } },
    async handle(input, { registry }: RegistryServices) {
      const offset = offsetOf(input.page_token);
      const order = parseOrders(input.order_by, modelVersionSearch);
      const page = await registry.store.searchVersions({
        filter: { kind: 'all', of: parseFilter(input.filter, modelVersionSearch) },
        ...(order.length > 0 && { order }),
        limit: pageLimit(input.max_results),
        offset,
      });
      const { items, next_page_token } = pageWire(page, { offset, wire: listedVersionWire });
      return { model_versions: items, next_page_token };
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/model-versions/set-tag',
    versions: ['2.0'],
    permission: 'write',
    fields: { ...key, key: text, value: { type: 'string' } },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const asked = versionKey(input);
      const { value = '' } = input;
      await withMlflowErrors(
        store.setTag({ ...asked, key: checkedVersionTag(input.key, value) }, value, now()),
        asked,
      );
      return {};
    },
  }),
  endpoint({
    methods: ['DELETE'],
    path: '/mlflow/model-versions/delete-tag',
    versions: ['2.0'],
    permission: 'write',
    fields: { ...key, key: text },
    async handle(input, { registry: { store, now } }: RegistryServices) {
      const asked = versionKey(input);
      await withMlflowErrors(store.deleteTag({ ...asked, key: checkedKey(input.key) }, now()), asked);
      return {};
    },
  }),
];

async function versionAsked(input: NamedVersion, { store }: RegistryServices['registry']) {
  const asked = versionKey(input);
  const version = await store.findVersion(asked);
  if (version) return version;
  throw noVersion(asked);
}

/** @throws MlflowError INVALID_PARAMETER_VALUE for a value below one */
function pageLimit(maxResults: number | bigint = 10_000): number {
  if (maxResults >= 1) return Number(maxResults);
  const message = `Invalid value for max_results. It must be a positive integer, but got ${maxResults}`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}
