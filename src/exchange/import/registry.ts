import { type Stage, stages } from '../../registry/model.ts';
import { aliasFault, modelNameFault } from '../../registry/names.ts';
import { findArtifactOwner, isShared } from '../artifact-owner.ts';
import { importedFolder, importOnce, type Session } from './session.ts';
import type { SourceModel, SourceVersion } from './source.ts';
import type { Tally } from './tally.ts';
import { limitTags, limitText, limitTimes } from './value-limits.ts';

/** Who moves an alias, in its history. */
const by = 'mlflow import';

/** Imports models, their versions under the same numbers, and their aliases. */
export async function importRegistry(session: Session): Promise<void> {
  session.onProgress('registered models');
  for await (const model of session.source.models()) {
    const versions: SourceVersion[] = [];
    for await (const version of session.source.versions(model.name))
      if (await isSelected(session, version)) versions.push(version);
    if (!session.experiments || versions.length) await importModel(session, model, versions);
  }
}

/** If only some experiments are imported, only versions of their runs and logged models are. */
async function isSelected(session: Session, { runId, loggedModelId }: SourceVersion): Promise<boolean> {
  if (!session.experiments) return true;
  const folders = await Promise.all([
    runId === undefined ? undefined : importedFolder(session, { kind: 'run', id: runId }),
    loggedModelId === undefined
      ? undefined
      : importedFolder(session, { kind: 'logged model', id: loggedModelId }),
  ]);
  return folders.some((folder) => folder !== undefined);
}

async function importModel(
  session: Session,
  model: SourceModel,
  versions: readonly SourceVersion[],
): Promise<void> {
  const { name } = model;
  const { registry, store, now } = session.target;
  await importOnce(session, { kind: 'registered model', id: name }, async ({ tally, note, skip }) => {
    const fault = modelNameFault(name);
    if (fault !== undefined) return skip(fault);
    const imported = {
      name,
      description: limitText(model.description),
      tags: limitTags(model.tags, tally),
      ...limitTimes(model, tally),
    };
    const isWritten = await registry.putModel(imported, note({ localId: name, state: 'started' }));
    if (!isWritten) return skip('a model with this name exists here and is not from this source');
    const numbers = new Set<number>();
    for (const version of versions) if (await importVersion(session, version)) numbers.add(version.version);
    const aliases = limitAliases(model, numbers, tally);
    await registry.putAliases(name, aliases, { by, at: now() });
    tally.count('alias', Object.keys(aliases).length);
    await store.note(note({ localId: name, state: 'complete' }));
  });
}

/** @returns whether it is here now */
async function importVersion(session: Session, source: SourceVersion): Promise<boolean> {
  const { registry, store } = session.target;
  const id = `${source.model}/${source.version}`;
  await importOnce(session, { kind: 'model version', id }, async ({ tally, note, skip }) => {
    const { model, version, runId, runLink, loggedModelId, status, user } = source;
    if (!Number.isSafeInteger(version)) return skip('the version number is beyond 2^53');
    if (status !== 'READY') tally.report('version state', `${status} at the source, READY here`);
    if (user !== '') tally.report('version user', `not stored: ${user}`);
    const imported = {
      model,
      version,
      runId,
      runLink: limitText(runLink),
      loggedModelId,
      ...limitTimes(source, tally),
      ...(await locate(session, source, tally)),
      stage: stageOf(source.stage, tally),
      description: limitText(source.description),
      tags: limitTags(source.tags, tally),
    };
    const isWritten = await registry.putVersion(imported, note({ localId: id, state: 'complete' }));
    if (!isWritten) await skip('a version with this number exists here and is not from this source');
  });
  const note = await store.find({ source: session.source.name, kind: 'model version', id });
  return note?.state === 'complete';
}

/** The source and storage of a version, with the folders of runs and logged models replaced by their folders here. */
async function locate(
  session: Session,
  { source, storage = source, loggedModelId }: SourceVersion,
  tally: Tally,
): Promise<{ readonly source: string; readonly storage: string }> {
  const localUri = async (uri: string): Promise<string | undefined> => {
    const owner = findArtifactOwner(uri);
    const folder = owner && (await importedFolder(session, owner));
    return folder === undefined ? undefined : [folder, owner?.path].filter(Boolean).join('/');
  };
  const modelUri =
    source === `models:/${loggedModelId}` && loggedModelId !== undefined
      ? await importedFolder(session, { kind: 'logged model', id: loggedModelId })
      : undefined;
  const local = modelUri ?? (await localUri(storage)) ?? (isNamed(storage) ? storage : undefined);
  if (local === undefined && !isShared(storage))
    tally.report('version files', `not in an imported run or logged model: ${storage}`);
  return {
    source: limitText(isNamed(source) ? source : ((await localUri(source)) ?? source)),
    storage: limitText(local ?? storage),
  };
}

/** Whether a URI names a run or a model instead of a folder. A prompt has no files. */
function isNamed(uri: string): boolean {
  return /^(runs|models):/i.test(uri) || uri === '' || uri === 'dummy-source';
}

function stageOf(stage: string, tally: Tally): Stage {
  const valid = stages.find((name) => name === stage);
  if (valid === undefined) tally.report('version stage', `${stage} is not a stage of MLflow`);
  return valid ?? 'None';
}

function limitAliases(
  { aliases }: SourceModel,
  numbers: ReadonlySet<number>,
  tally: Tally,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(aliases).filter(([alias, version]) => {
      const reason =
        aliasFault(alias) ?? (numbers.has(version) ? undefined : `version ${version} was not imported`);
      if (reason !== undefined) tally.report('alias', reason, alias);
      return reason === undefined;
    }),
  );
}
