import { type Stage, stages } from '../../registry/model.ts';
import { aliasFault, modelNameFault } from '../../registry/names.ts';
import { fittingTags, fittingText } from './fitting.ts';
import type { Tally } from './left-out.ts';
import { isShared, findArtifactOwner } from '../artifact-owner.ts';
import { broughtFolder, bringOnce, type Session } from './session.ts';
import type { SourceModel, SourceVersion } from './source.ts';

/** Who moves an alias, in its history. */
const by = 'mlflow import';

/** Brings models, their versions with their numbers, and their aliases. */
export async function bringRegistry(session: Session): Promise<void> {
  session.tell('registered models');
  for await (const model of session.source.models()) {
    const versions: SourceVersion[] = [];
    for await (const version of session.source.versions(model.name))
      if (await isWanted(session, version)) versions.push(version);
    if (!session.experiments || versions.length) await bringModel(session, model, versions);
  }
}

/** Of some experiments alone, what came from their runs. */
async function isWanted(session: Session, { runId, loggedModelId }: SourceVersion): Promise<boolean> {
  if (!session.experiments) return true;
  const folders = await Promise.all([
    runId === undefined ? undefined : broughtFolder(session, { kind: 'run', id: runId }),
    loggedModelId === undefined
      ? undefined
      : broughtFolder(session, { kind: 'logged model', id: loggedModelId }),
  ]);
  return folders.some((folder) => folder !== undefined);
}

async function bringModel(
  session: Session,
  model: SourceModel,
  versions: readonly SourceVersion[],
): Promise<void> {
  const { name, createdAt, updatedAt } = model;
  const { registry, store, now } = session.target;
  await bringOnce(session, { kind: 'registered model', id: name }, async ({ tally, note, leave }) => {
    const fault = modelNameFault(name);
    if (fault !== undefined) return leave(fault);
    const imported = {
      name,
      description: fittingText(model.description),
      tags: fittingTags(model.tags, tally),
      createdAt,
      updatedAt,
    };
    const isWritten = await registry.putModel(imported, note({ ours: name, state: 'begun' }));
    if (!isWritten) return leave('a model of the name is here that did not come from this source');
    const brought = new Set<number>();
    for (const version of versions) if (await bringVersion(session, version)) brought.add(version.version);
    const aliases = fittingAliases(model, brought, tally);
    await registry.putAliases(name, aliases, { by, at: now() });
    tally.count('alias', Object.keys(aliases).length);
    await store.note(note({ ours: name, state: 'whole' }));
  });
}

/** @returns whether it is here now */
async function bringVersion(session: Session, theirs: SourceVersion): Promise<boolean> {
  const { registry, store } = session.target;
  const id = `${theirs.model}/${theirs.version}`;
  await bringOnce(session, { kind: 'model version', id }, async ({ tally, note, leave }) => {
    const { model, version, runId, runLink, loggedModelId, createdAt, updatedAt, status, user } = theirs;
    if (status !== 'READY') tally.leave('state of a version', `it is ${status} there, and READY here`);
    if (user !== '') tally.leave('user of a version', `not kept: ${user}`);
    const imported = {
      model,
      version,
      runId,
      runLink: fittingText(runLink),
      loggedModelId,
      createdAt,
      updatedAt,
      ...(await placed(session, theirs, tally)),
      stage: stageOf(theirs.stage, tally),
      description: fittingText(theirs.description),
      tags: fittingTags(theirs.tags, tally),
    };
    const isWritten = await registry.putVersion(imported, note({ ours: id, state: 'whole' }));
    if (!isWritten) await leave('a version of the number is here that did not come from this source');
  });
  const noted = await store.find({ source: session.source.name, kind: 'model version', id });
  return noted?.state === 'whole';
}

/** Where a version comes from and lies, now that the files of runs and logged models have other places. */
async function placed(
  session: Session,
  { source, storage = source, loggedModelId }: SourceVersion,
  tally: Tally,
): Promise<{ readonly source: string; readonly storage: string }> {
  const ours = async (uri: string): Promise<string | undefined> => {
    const owner = findArtifactOwner(uri);
    const folder = owner && (await broughtFolder(session, owner));
    return folder === undefined ? undefined : [folder, owner?.path].filter(Boolean).join('/');
  };
  const modelHere =
    source === `models:/${loggedModelId}` && loggedModelId !== undefined
      ? await broughtFolder(session, { kind: 'logged model', id: loggedModelId })
      : undefined;
  const named = isNamed(storage) ? storage : undefined;
  const place = modelHere ?? (await ours(storage)) ?? named;
  if (place === undefined && !isShared(storage))
    tally.leave('files of a version', `they lie in no run or logged model that came over: ${storage}`);
  return {
    source: fittingText(isNamed(source) ? source : ((await ours(source)) ?? source)),
    storage: fittingText(place ?? storage),
  };
}

/** Whether it names a run or a model, wherever the files of that lie; a prompt has none. */
function isNamed(uri: string): boolean {
  return /^(runs|models):/i.test(uri) || uri === '' || uri === 'dummy-source';
}

function stageOf(stage: string, tally: Tally): Stage {
  const known = stages.find((name) => name === stage);
  if (known === undefined) tally.leave('stage of a version', `${stage} is no stage of MLflow`);
  return known ?? 'None';
}

function fittingAliases(
  { aliases }: SourceModel,
  brought: ReadonlySet<number>,
  tally: Tally,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(aliases).filter(([alias, version]) => {
      const why =
        aliasFault(alias) ?? (brought.has(version) ? undefined : `version ${version} was not brought`);
      if (why !== undefined) tally.leave('alias', why, alias);
      return why === undefined;
    }),
  );
}
