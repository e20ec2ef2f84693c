import { formatCause, PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { ModelVersion, VersionKey } from '../../registry/model.ts';
import { type SourceFault, sourceFault } from '../../registry/version-source.ts';
import type { RegistryServices } from './registered-models-wire.ts';
import { mlflowError } from './wire/errors.ts';
import { shortened } from './wire/shorten.ts';

type Registry = RegistryServices['registry'];

/** The location of a version's files, and facts about them. */
export interface Placed {
  readonly storage: string;
  /** A copy of a pipeline version keeps the run that trained it, whatever the caller sends. */
  readonly runId: string | undefined;
  readonly metrics?: ModelVersion['metrics'];
}

/** The request for a new version. */
export interface NewSource {
  readonly source: string;
  readonly runId: string | undefined;
  readonly loggedModelId: string | undefined;
}

/**
 * Checks the source of a new version and resolves it: to another version, or a logged model.
 * @throws MlflowError INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST
 */
export async function locateSource(version: NewSource, registry: Registry): Promise<Placed> {
  const { source } = version;
  const fault = sourceFault(source, undefined);
  const stillWrong = fault === 'local' ? sourceFault(source, await localRoot(version, registry)) : fault;
  if (stillWrong) throw wrongSource(source, stillWrong);
  if (registry.allowedSource && !registry.allowedSource.test(source)) throw wrongSource(source, 'unsafe');
  const runId = version.runId ?? (await runOf(version.loggedModelId, registry));
  const named = /^models:\/+(.+)$/i.exec(source)?.[1];
  if (named === undefined) return { storage: source, runId };
  return (await loggedModel(named, runId, registry)) ?? copyOf(await versionNamed(named, registry), runId);
}

/** The folder that a local path must be in: of the given logged model, or else of the run. */
async function localRoot(
  { runId, loggedModelId }: NewSource,
  registry: Registry,
): Promise<string | undefined> {
  if (loggedModelId) return (await registry.loggedModels.get(loggedModelId))?.artifactUri;
  return runId && registry.runFolder(runId);
}

async function runOf(loggedModelId: string | undefined, registry: Registry): Promise<string | undefined> {
  const model = loggedModelId ? await registry.loggedModels.get(loggedModelId) : undefined;
  return model?.sourceRunId || undefined;
}

async function loggedModel(
  named: string,
  runId: string | undefined,
  { loggedModels }: Registry,
): Promise<Placed | undefined> {
  if (!/^m-[^/@]+$/.test(named)) return undefined;
  const model = await loggedModels.get(named);
  return model && { storage: model.artifactUri, runId: runId ?? (model.sourceRunId || undefined) };
}

function copyOf({ storage, folder, runId, metrics }: ModelVersion, namedRun: string | undefined): Placed {
  return folder === undefined ? { storage, runId: namedRun } : { storage, runId, metrics };
}

/** `name/3` or `name@alias`. */
async function versionNamed(named: string, { store }: Registry): Promise<ModelVersion> {
  const [, model = '', number, alias] = /^([^/@]+)(?:\/(\d+)|@([^/@]+))$/.exec(named) ?? [];
  const key = number === undefined ? await aliased(model, alias, store) : { model, version: Number(number) };
  const version = key && (await store.findVersion(key));
  if (version) return version;
  throw mlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `Unable to fetch model from model URI source artifact location 'models:/${named}'.`,
  );
}

async function aliased(
  model: string,
  alias: string | undefined,
  store: Registry['store'],
): Promise<VersionKey | undefined> {
  const aliases = new Map(Object.entries((await store.findModel(model))?.aliases ?? {}));
  const version = aliases.get(alias ?? '');
  return version === undefined ? undefined : { model, version };
}

export interface NoteServices extends RegistryServices {
  readonly log: Log;
}

/** The tag of a logged model that lists its versions: a JSON list of names and numbers. */
const versionsTag = 'mlflow.modelVersions';

/**
 * Notes on a logged model that a version was created from it; does nothing for an unknown one. A failure is only logged: the
 * version exists, and a client that repeats its request would create another one.
 */
export async function noteVersion(
  { model: name, version, loggedModelId }: ModelVersion,
  { registry: { loggedModels }, log }: NoteServices,
): Promise<void> {
  if (loggedModelId === undefined) return;
  try {
    await loggedModels.changeTag(loggedModelId, versionsTag, (text) =>
      spacedJson([...listOf(text), { name, version }]),
    );
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'LOGGED_MODEL_NOT_FOUND') return;
    log.warn('a new version is not noted on its logged model', {
      model: name,
      version,
      loggedModel: loggedModelId,
      error: formatCause(error),
    });
  }
}

/** As Python writes it, with a space after each comma and colon: clients compare the text. */
function spacedJson(value: unknown): string {
  return JSON.stringify(value, undefined, 1)
    .replaceAll(/,\n\s*/g, ', ')
    .replaceAll(/\n\s*/g, '');
}

/** A client's tag that is not a list counts as empty. */
function listOf(text: string | undefined): readonly unknown[] {
  try {
    const list: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

const faults: Readonly<Record<SourceFault, string>> = {
  local:
    'To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.',
  relative:
    'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.',
  unsafe: 'Give the address of a model in a store that clients can read, without a fragment or a backslash.',
};

function wrongSource(source: string, fault: SourceFault): Error {
  return mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid model version source: '${shortened(source, 500)}'. ${faults[fault]}`,
  );
}
