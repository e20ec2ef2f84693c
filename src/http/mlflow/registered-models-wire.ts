import { PlatformError } from '../../kernel/errors.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { ModelVersion, RegisteredModel, VersionKey } from '../../registry/model.ts';
import type { NotifyingRegistry } from '../../registry/notifying-registry.ts';
import type { Page } from '../../registry/store.ts';
import { modelNameFault } from '../../registry/names.ts';
import type { LoggedModelStore } from '../../tracking/logged-model-store.ts';
import { mlflowError } from './wire/errors.ts';
import type { WireObject } from './wire/json.ts';
import { offsetToken } from './wire/page-token.ts';
import { wrongValue } from './wire/read-request.ts';
import { checkKey, checkLength, isLonger } from './tracking-limits.ts';

/** The services of the endpoints for models and versions. */
export interface RegistryServices {
  readonly registry: {
    readonly store: NotifyingRegistry;
    readonly now: Clock;
    /** The artifact URI of a run; undefined for an unknown run. */
    readonly runFolder: (runId: string) => Promise<string | undefined>;
    readonly loggedModels: Pick<LoggedModelStore, 'get' | 'changeTag'>;
    /** Additional check of a version's source. @default any source */
    readonly allowedSource?: RegExp;
  };
}

const tagKeyLength = 250;
const tagValueLength = 100_000;

export const tagFields = {
  tags: {
    type: 'message',
    repeated: true,
    fields: { key: { type: 'string' }, value: { type: 'string' } },
  },
} as const;

export const searchFields = {
  filter: { type: 'string' },
  order_by: { type: 'string', repeated: true },
  page_token: { type: 'string' },
} as const;

/** @throws MlflowError INVALID_PARAMETER_VALUE for an invalid tag; of two with the same key the later one counts */
export function tagsOf(
  tags: readonly { readonly key: string | undefined; readonly value: string | undefined }[],
  checked = checkedTag,
): Readonly<Record<string, string>> {
  return Object.fromEntries(tags.map(({ key = '', value = '' }) => [checked(key, value), value]));
}

/** @returns the key. @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkedTag(key: string, value: string): string {
  checkKey(key, 'key');
  checkLength('key', key, tagKeyLength);
  checkLength('value', value, tagValueLength);
  return key;
}

/** The key of a tag to delete, of any length. @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkedKey(key: string): string {
  checkKey(key, 'key');
  return key;
}

/** @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkedName(name: string, field = 'name'): string {
  refuse(name.trim() === '' ? `Missing value for required parameter '${field}'.` : modelNameFault(name));
  return name;
}

/** A version in a request. */
export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** @throws MlflowError INVALID_PARAMETER_VALUE for a version that is not an integer, RESOURCE_DOES_NOT_EXIST for one out of range */
export function versionKey({ name: model, version }: NamedVersion): VersionKey {
  if (!/^\s*[+-]?\d+\s*$/.test(version))
    throw mlflowError('INVALID_PARAMETER_VALUE', `Parameter 'version' must be an integer, got '${version}'.`);
  const number = Number(version);
  if (number > 0 && Number.isSafeInteger(number)) return { model, version: number };
  // Unlimited digits would block the event loop as a BigInt.
  throw noVersion({ model, version: version.length > 40 ? `${version.slice(0, 40)}…` : BigInt(version) });
}

/** @throws MlflowError INVALID_PARAMETER_VALUE when there is a fault */
export function refuse(fault: string | undefined): void {
  if (fault !== undefined) throw mlflowError('INVALID_PARAMETER_VALUE', fault);
}

export function noModel(name: string): Error {
  return mlflowError('RESOURCE_DOES_NOT_EXIST', `Registered Model with name=${name} not found`);
}

export function noVersion({
  model,
  version,
}: {
  readonly model: string;
  readonly version: number | bigint | string;
}): Error {
  return mlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `Model Version (name=${model}, version=${version}) not found`,
  );
}

/** Translates a registry error into MLflow's. */
export async function withMlflowErrors<Result>(work: Promise<Result>, version?: VersionKey): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const { code, detail } = error;
    if ((code === 'VERSION_NOT_FOUND' || code === 'MODEL_NOT_FOUND') && version) throw noVersion(version);
    if (code === 'MODEL_NOT_FOUND') throw noModel(String(detail.value));
    if (code === 'MODEL_EXISTS') {
      const message = `Registered Model (name=${String(detail.value)}) already exists.`;
      throw mlflowError('RESOURCE_ALREADY_EXISTS', message, { cause: error });
    }
    throw error;
  }
}

export function modelWire(model: RegisteredModel): WireObject {
  const aliases = Object.entries(model.aliases).map(([alias, version]) => ({
    alias,
    version: String(version),
  }));
  return {
    name: model.name,
    creation_timestamp: model.createdAt,
    last_updated_timestamp: model.updatedAt,
    description: model.description || undefined,
    latest_versions: some(model.latest.map(listedVersionWire)),
    tags: tagsWire(model.tags),
    aliases: some(aliases),
  };
}

/** A model in a search: MLflow sorts its stages by name there. */
export function foundModelWire(model: RegisteredModel): WireObject {
  const latest = model.latest.toSorted((a, b) => (a.stage < b.stage ? -1 : 1));
  return modelWire({ ...model, latest });
}

/** A version within a model or a search: MLflow leaves out aliases there. */
export function listedVersionWire(version: ModelVersion): WireObject {
  return versionWire({ ...version, aliases: [] });
}

export function versionWire(version: ModelVersion): WireObject {
  const metrics = Object.entries(version.metrics).map(([key, value]) => ({
    key,
    value,
    timestamp: version.createdAt,
    step: 0,
    run_id: version.runId,
  }));
  return {
    name: version.model,
    version: String(version.version),
    creation_timestamp: version.createdAt,
    last_updated_timestamp: version.updatedAt,
    current_stage: version.stage,
    description: version.description,
    source: version.source,
    run_id: version.runId ?? '',
    status: 'READY',
    tags: tagsWire(version.tags),
    run_link: version.runLink,
    aliases: some(version.aliases),
    model_id: version.loggedModelId,
    model_metrics: some(metrics),
  };
}

/** The response of a page. */
export function pageWire<Item>(
  { items, more }: Page<Item>,
  options: { readonly offset: number; readonly wire: (item: Item) => WireObject },
): { readonly items: readonly WireObject[] | undefined; readonly next_page_token: string | undefined } {
  const next_page_token = more ? offsetToken(options.offset + items.length) : undefined;
  return { items: some(items.map(options.wire)), next_page_token };
}

function tagsWire(tags: Readonly<Record<string, string>>): readonly WireObject[] | undefined {
  return some(Object.entries(tags).map(([key, value]) => ({ key, value })));
}

/** Responses leave out empty lists. */
export function some<Item>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length ? items : undefined;
}

/** A prompt's text is a tag. */
const promptTextTag = 'mlflow.prompt.text';

/** @returns the key. @throws MlflowError INVALID_PARAMETER_VALUE */
export function checkedVersionTag(key: string, value: string): string {
  if (key === promptTextTag && isLonger(value, tagValueLength))
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Prompt text exceeds max length of ${tagValueLength} characters.`,
    );
  return checkedTag(key, value);
}

/** @throws MlflowError INVALID_PARAMETER_VALUE for a value below one */
export function pageSize(asked: number | bigint | undefined, otherwise: number): number {
  const size = Number(asked ?? otherwise);
  if (size >= 1) return size;
  throw wrongValue('max_results', { lexeme: String(size) });
}
