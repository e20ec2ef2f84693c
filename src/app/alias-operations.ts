import type { AliasChangeView } from '../api/alias-views.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import type { BlobStore } from '../data/blob-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Topic } from '../kernel/events.ts';
import type { AliasChange, RegisteredModel } from '../registry/catalogue-model.ts';
import type { ModelCatalogue } from '../registry/catalogue.ts';
import type { AliasMove } from '../registry/model.ts';
import { aliasFault } from '../registry/names.ts';
import { rollbackTarget } from '../registry/rollback.ts';
import type { RegistryStore } from '../registry/store.ts';
import type { Caller, Endpoint } from '../serving/endpoint.ts';
import { type LoadCode, openVersion } from '../serving/version.ts';

/** An endpoint of this process, and the project that it belongs to. */
export interface ServedEndpoint {
  readonly project: string;
  readonly endpoint: Pick<Endpoint, 'alias'>;
  /** Lets the endpoint look where its alias points now. */
  readonly follow: () => Promise<void>;
}

export interface AliasDeps {
  readonly catalogue: Pick<ModelCatalogue, 'findModel' | 'findVersion' | 'aliasChanges'>;
  readonly registry: RegistryStore;
  readonly blobs: BlobStore;
  readonly loadCode: LoadCode;
  readonly events: Topic<ServerEvent>;
  readonly now: Clock;
  /** The endpoint of a model, if it is served here. */
  readonly endpointOf: (model: string) => ServedEndpoint | undefined;
  /** Why the gate moved an alias, in words; absent where it is not known. */
  readonly gateWords: (change: AliasChange) => Promise<string | undefined>;
}

/** Where an alias pointed and points: its history, and moves by hand. */
export function aliasOperations(
  deps: AliasDeps,
  caller: Caller,
): Pick<Operations, 'listAliasMoves' | 'promote' | 'rollback'> {
  const { catalogue, now } = deps;
  const by = caller.name ?? (caller.protocol === 'command line' ? caller.protocol : 'owner');
  return {
    async listAliasMoves({ model, alias }) {
      await modelNamed(model, catalogue);
      const changes = await catalogue.aliasChanges(model, alias);
      return Promise.all(changes.map(async (change) => changeView(change, await whyOf(change, deps))));
    },
    async promote({ model, alias, version: to, expected, why }) {
      refuseAlias(alias);
      const present = versionUnder(alias, await modelNamed(model, catalogue));
      const from = expected === undefined ? present : (expected ?? undefined);
      if (from === to) throw alreadyThere(model, alias, to);
      return moveTo({ model, alias, from, to, by, movedAt: now(), why: why ?? '' }, deps);
    },
    async rollback({ model, alias, expected, why }) {
      const present = versionUnder(alias, await modelNamed(model, catalogue));
      const to = await previousVersion(model, alias, catalogue);
      const from = expected ?? present;
      return moveTo({ model, alias, from, to, by, movedAt: now(), why: why ?? 'rollback' }, deps);
    },
  };
}

/** @throws PlatformError MODEL_NOT_FOUND */
async function modelNamed(name: string, catalogue: AliasDeps['catalogue']): Promise<RegisteredModel> {
  const model = await catalogue.findModel(name);
  if (model) return model;
  const remedy = 'No model is registered under the name: check it.';
  throw new PlatformError('MODEL_NOT_FOUND', { field: 'model', value: name, remedy });
}

function versionUnder(alias: string, { aliases }: RegisteredModel): number | undefined {
  return Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
}

async function previousVersion(
  model: string,
  alias: string,
  catalogue: AliasDeps['catalogue'],
): Promise<number> {
  const changes = await catalogue.aliasChanges(model, alias);
  const versions = [...new Set(changes.flatMap(({ to }) => (to === undefined ? [] : [to])))];
  const found = await Promise.all(versions.map((version) => catalogue.findVersion({ model, version })));
  const there = new Set(found.flatMap((version) => (version ? [version.version] : [])));
  const target = rollbackTarget(changes, (version) => there.has(version));
  if (target !== undefined) return target;
  const remedy = 'No version that is still registered was live before it: promote one by its number.';
  throw new PlatformError('VERSION_NOT_FOUND', {
    field: `version before ${model}@${alias}`,
    value: undefined,
    remedy,
  });
}

/** An endpoint that follows the alias must be able to serve the version; then it moves, if it is where it was thought to be. */
async function moveTo(move: AliasMove, deps: AliasDeps): Promise<AliasChangeView> {
  const { model, alias, to: version } = move;
  const served = deps.endpointOf(model);
  const follows = served?.endpoint.alias === alias ? served : undefined;
  if (follows) await requireServable(move, deps);
  await deps.registry.moveAlias(move);
  if (follows) {
    await follows.follow();
    deps.events.publish({ type: 'alias', project: follows.project, model, alias, version });
  }
  return changeView(move, move.why ?? '');
}

/** @throws PlatformError MODEL_UNSUPPORTED; VERSION_NOT_FOUND; what opening the version throws */
async function requireServable({ model, alias, to }: AliasMove, deps: AliasDeps): Promise<void> {
  const version = await deps.registry.findVersion(model, to);
  if (version) await openVersion(version, deps);
  else if (await deps.catalogue.findVersion({ model, version: to }))
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: `version of ${model}`,
      value: to,
      remedy: `An endpoint follows @${alias} and answers only by versions that the pipeline made, or copies of them.`,
    });
}

function refuseAlias(alias: string): void {
  const fault = aliasFault(alias);
  if (fault !== undefined)
    throw new PlatformError('INPUT_INVALID', { field: 'alias', value: alias, remedy: fault });
}

function alreadyThere(model: string, alias: string, version: number): PlatformError {
  const remedy = `${model}@${alias} is that version: there is nothing to move.`;
  return new PlatformError('INPUT_INVALID', { field: 'version', value: version, remedy });
}

async function whyOf(change: AliasChange, { gateWords }: AliasDeps): Promise<string> {
  if (change.why !== undefined || change.by !== 'gate') return change.why ?? '';
  return (await gateWords(change)) ?? '';
}

function changeView(change: AliasChange, why: string): AliasChangeView {
  const { alias, from, to, by, movedAt } = change;
  return { alias, from: from ?? null, to: to ?? null, by, movedAt, why };
}
