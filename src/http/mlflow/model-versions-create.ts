import type { CatalogueVersion, VersionKey } from '../../registry/catalogue-model.ts';
import { type SourceFault, sourceFault } from '../../registry/version-source.ts';
import type { RegistryServices } from './registered-models-wire.ts';
import { mlflowError } from './wire/errors.ts';

type Registry = RegistryServices['registry'];

/** Where the files of a version are, and the run that it is known from. */
export interface Placed {
  readonly storage: string;
  readonly runId: string | undefined;
}

/**
 * Checks the source of a new version and finds what it stands for: another version, or a logged model.
 * @throws MlflowError INVALID_PARAMETER_VALUE, RESOURCE_DOES_NOT_EXIST
 */
export async function placeSource(
  source: string,
  runId: string | undefined,
  registry: Registry,
): Promise<Placed> {
  const fault = sourceFault(source, undefined);
  const stillWrong =
    fault === 'local' && runId ? sourceFault(source, await registry.runFolder(runId)) : fault;
  if (stillWrong) throw wrongSource(source, stillWrong);
  if (registry.allowedSource && !registry.allowedSource.test(source)) throw wrongSource(source, 'unsafe');
  const named = /^models:\/+(.+)$/i.exec(source)?.[1];
  if (named === undefined) return { storage: source, runId };
  return (
    (await loggedModel(named, registry)) ?? { storage: (await versionNamed(named, registry)).storage, runId }
  );
}

async function loggedModel(named: string, registry: Registry): Promise<Placed | undefined> {
  if (!/^m-[^/@]+$/.test(named)) return undefined;
  const model = await registry.loggedModel(named);
  return model && { storage: model.artifactUri, runId: model.runId };
}

/** `name/3` or `name@alias`. */
async function versionNamed(named: string, { catalogue }: Registry): Promise<CatalogueVersion> {
  const [, model = '', number, alias] = /^([^/@]+)(?:\/(\d+)|@([^/@]+))$/.exec(named) ?? [];
  const key =
    number === undefined ? await aliased(model, alias, catalogue) : { model, version: Number(number) };
  const version = key && (await catalogue.findVersion(key));
  if (version) return version;
  throw mlflowError(
    'RESOURCE_DOES_NOT_EXIST',
    `Unable to fetch model from model URI source artifact location 'models:/${named}'.`,
  );
}

async function aliased(
  model: string,
  alias: string | undefined,
  catalogue: Registry['catalogue'],
): Promise<VersionKey | undefined> {
  const aliases = new Map(Object.entries((await catalogue.findModel(model))?.aliases ?? {}));
  const version = aliases.get(alias ?? '');
  return version === undefined ? undefined : { model, version };
}

const faults: Readonly<Record<SourceFault, string>> = {
  local:
    'To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.',
  relative:
    'If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.',
  unsafe: 'Give the address of a model in a store that clients can read, without a fragment.',
};

function wrongSource(source: string, fault: SourceFault): Error {
  const shown = source.length > 500 ? `${source.slice(0, 500)}…` : source;
  return mlflowError('INVALID_PARAMETER_VALUE', `Invalid model version source: '${shown}'. ${faults[fault]}`);
}
