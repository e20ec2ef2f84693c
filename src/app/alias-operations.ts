import type { AliasMoveView } from '../api/alias-views.ts';
import type { Operations } from '../api/routes.ts';
import type { BlobStore } from '../data/blob-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { type AliasMove, asPipelineVersion, type RegisteredModel } from '../registry/model.ts';
import { aliasFault } from '../registry/names.ts';
import { rollbackTarget } from '../registry/rollback.ts';
import type { RegistryStore } from '../registry/store.ts';
import { aliasMoveView } from './model-views.ts';
import type { Caller, Endpoint } from '../serving/endpoint.ts';
import { type LoadCode, openVersion } from '../serving/version.ts';

/** An endpoint of this process. */
export interface ServedEndpoint {
  readonly endpoint: Pick<Endpoint, 'alias'>;
  /** Waits until the endpoint has looked where its alias points now. */
  readonly refresh: () => Promise<void>;
}

export interface AliasDeps {
  readonly registry: RegistryStore;
  readonly blobs: BlobStore;
  readonly loadCode: LoadCode;
  readonly now: Clock;
  /** The endpoint of a model, if it is served here. */
  readonly endpointOf: (model: string) => ServedEndpoint | undefined;
  /** The gate's verdict for a move that it made, as a sentence. */
  readonly verdictSummary: (change: AliasMove) => Promise<string | undefined>;
}

/** Where an alias pointed and points: its history, and moves by hand. */
export function aliasOperations(
  deps: AliasDeps,
  caller: Caller,
): Pick<Operations, 'listAliasMoves' | 'promote' | 'rollback' | 'removeAlias'> {
  const { registry, now } = deps;
  const by = caller.name ?? (caller.protocol === 'command line' ? caller.protocol : 'owner');
  return {
    async listAliasMoves({ model, alias }) {
      await modelNamed(model, registry);
      const changes = await registry.aliasHistory(model, alias);
      return Promise.all(changes.map(async (move) => aliasMoveView(move, await whyOf(move, deps))));
    },
    async promote({ model, alias, version: to, expected, why }) {
      refuseAlias(alias);
      const present = versionUnder(alias, await modelNamed(model, registry));
      const from = expected === undefined ? present : (expected ?? undefined);
      if (from === to) throw alreadyThere(model, alias, to);
      return moveTo({ model, alias, from, to, by, movedAt: now(), why: why ?? '' }, deps);
    },
    async rollback({ model, alias, expected, why }) {
      const present = versionUnder(alias, await modelNamed(model, registry));
      const to = await previousVersion(model, alias, registry);
      const from = expected ?? present;
      return moveTo({ model, alias, from, to, by, movedAt: now(), why: why ?? 'rollback' }, deps);
    },
    async removeAlias({ model, alias, expected, why }) {
      const present = versionUnder(alias, await modelNamed(model, registry));
      if (present === undefined) throw notSet(model, alias);
      const from = expected ?? present;
      return move({ model, alias, from, to: undefined, by, movedAt: now(), why: why ?? '' }, deps);
    },
  };
}

/** @throws PlatformError MODEL_NOT_FOUND */
async function modelNamed(name: string, registry: AliasDeps['registry']): Promise<RegisteredModel> {
  const model = await registry.findModel(name);
  if (model) return model;
  const remedy = 'No model has this name: list the models with: modelyard models.';
  throw new PlatformError('MODEL_NOT_FOUND', { field: 'model', value: name, remedy });
}

function versionUnder(alias: string, { aliases }: RegisteredModel): number | undefined {
  return Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
}

async function previousVersion(
  model: string,
  alias: string,
  registry: AliasDeps['registry'],
): Promise<number> {
  const changes = await registry.aliasHistory(model, alias);
  const versions = [...new Set(changes.flatMap(({ to }) => (to === undefined ? [] : [to])))];
  const found = await Promise.all(versions.map((version) => registry.findVersion({ model, version })));
  const there = new Set(found.flatMap((version) => (version ? [version.version] : [])));
  const target = rollbackTarget(changes, (version) => there.has(version));
  if (target !== undefined) return target;
  const remedy = `Nothing to roll back to: no earlier version of ${model} was live. Use: modelyard models promote ${model} <number>`;
  throw new PlatformError('VERSION_NOT_FOUND', {
    field: `version before ${model}@${alias}`,
    value: undefined,
    remedy,
  });
}

/** A move by hand to a version. */
interface Promotion extends AliasMove {
  readonly to: number;
}

/** An endpoint that follows the alias must be able to serve the version before it moves. */
async function moveTo(promotion: Promotion, deps: AliasDeps): Promise<AliasMoveView> {
  if (follower(promotion, deps)) await requireServable(promotion, deps);
  return move(promotion, deps);
}

/** Moves the alias if it still points to the expected version, and lets its endpoint follow. */
async function move(to: AliasMove, deps: AliasDeps): Promise<AliasMoveView> {
  await deps.registry.moveAlias(to);
  await follower(to, deps)?.refresh();
  return aliasMoveView(to, to.why ?? '');
}

/** The endpoint of this process that follows an alias. */
function follower(
  { model, alias }: Pick<AliasMove, 'model' | 'alias'>,
  { endpointOf }: AliasDeps,
): ServedEndpoint | undefined {
  const served = endpointOf(model);
  return served?.endpoint.alias === alias ? served : undefined;
}

/** @throws PlatformError MODEL_UNSUPPORTED; VERSION_NOT_FOUND; what opening the version throws */
async function requireServable({ model, alias, to }: Promotion, deps: AliasDeps): Promise<void> {
  const version = await deps.registry.findVersion({ model, version: to });
  const servable = asPipelineVersion(version);
  if (servable) await openVersion(servable, deps);
  else if (version)
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

function notSet(model: string, alias: string): PlatformError {
  const remedy = `${model} has no such alias: it may have been removed meanwhile.`;
  return new PlatformError('INPUT_INVALID', { field: 'alias', value: alias, remedy });
}

async function whyOf(change: AliasMove, { verdictSummary }: AliasDeps): Promise<string> {
  if (change.why !== undefined || change.by !== 'gate') return change.why ?? '';
  return (await verdictSummary(change)) ?? '';
}
