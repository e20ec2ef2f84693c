import type { Kysely } from 'kysely';
import { purgeRule } from '../../../tracking/purge-rule.ts';
import type { Transaction } from '../database.ts';
import { integerId } from '../tracking/experiment-search.ts';
import { datasetsOf, experimentDeletes, runDeletes } from './purge-deletes.ts';
import { experimentFact, modelFact, runFact, versionPlace } from './purge-facts.ts';
import {
  aliasesOf,
  experimentsOfModels,
  modelsWhere,
  orNone,
  runsNamed,
  versionPlaces,
} from './purge-selection.ts';
import { modelDeletes } from '../registry/registry-models.ts';
import type { Tables } from '../tables.ts';

/** What is removed in one transaction, all of one kind. */
export interface Removal {
  readonly ids: readonly string[];
  readonly now: number;
}

export interface Removed {
  readonly runs: readonly string[];
  readonly loggedModels: readonly string[];
}

/** Runs with their logged models, as far as they are still to go. */
export async function removeRuns(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { ids, now }: Removal,
): Promise<Removed> {
  const [runs, models, versions] = await run([
    runsNamed(sql, ids),
    modelsWhere(sql, (row) => row('source_run_id', 'in', orNone(ids, ''))),
    versionPlaces(sql),
  ]);
  const facts = { runs: runs.rows.map(runFact), loggedModels: models.rows.map(modelFact) };
  const going = goingOf(
    purgeRule({ ...facts, experiments: [], versions: versions.rows.map(versionPlace) }).go,
  );
  const removed = facts.runs.filter(({ id }) => going.runs.has(id));
  const removedIds = removed.map(({ id }) => id);
  const [datasets] = await run([datasetsOf(sql, removedIds)]);
  const loggedModels = facts.loggedModels.filter(({ id }) => going.loggedModels.has(id));
  const deleted = {
    runs: removed,
    loggedModels,
    datasets: datasets.rows.map(({ dataset_id }) => dataset_id),
  };
  await run(runDeletes(sql, { ...deleted, now }));
  return { runs: removedIds, loggedModels: loggedModels.map(({ id }) => id) };
}

/** Logged models that are deleted themselves, or whose experiment is. @returns those that are gone */
export async function removeLoggedModels(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { ids, now }: Removal,
): Promise<readonly string[]> {
  const [models, experiments, versions] = await run([
    modelsWhere(sql, (row) => row('id', 'in', orNone(ids, ''))),
    experimentsOfModels(sql, ids),
    versionPlaces(sql),
  ]);
  const facts = models.rows.map(modelFact);
  const { loggedModels: going } = goingOf(
    purgeRule({
      runs: [],
      loggedModels: facts,
      experiments: experiments.rows.map(experimentFact),
      versions: versions.rows.map(versionPlace),
    }).go,
  );
  const loggedModels = facts.filter(({ id }) => going.has(id));
  await run(runDeletes(sql, { runs: [], loggedModels, datasets: [], now }));
  return loggedModels.map(({ id }) => id);
}

/** @returns whether it is gone: it is not where it was restored, or where something is in it */
export async function removeExperiment(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<boolean> {
  const number = integerId(id);
  const [experiments, runs, models] = await run([
    sql.selectFrom('experiments').select(['artifact_location', 'lifecycle_stage']).where('id', '=', number),
    sql.selectFrom('runs').select('id').where('experiment_id', '=', number).limit(1),
    sql.selectFrom('logged_models').select('id').where('experiment_id', '=', number).limit(1),
  ]);
  const [experiment] = experiments.rows;
  const isFree = !runs.rows.length && !models.rows.length;
  if (experiment?.lifecycle_stage !== 'deleted' || !isFree) return false;
  await run(experimentDeletes(sql, { id: number, location: experiment.artifact_location, now }));
  return true;
}

/** @returns whether it is gone: it is not where an alias points to it by now */
export async function removeRegisteredModel(
  sql: Kysely<Tables>,
  { run }: Transaction,
  name: string,
): Promise<boolean> {
  const hold = sql
    .updateTable('registered_models')
    .set((row) => ({ last_version: row.ref('last_version') }))
    .where('name', '=', name);
  const [held, aliases] = await run([hold, aliasesOf(sql, [name])]);
  if (!held.numAffectedRows || aliases.rows.length) return false;
  await run(modelDeletes(sql, name));
  return true;
}

function goingOf(items: ReturnType<typeof purgeRule>['go']): {
  readonly runs: ReadonlySet<string>;
  readonly loggedModels: ReadonlySet<string>;
} {
  const ofKind = (wanted: string): ReadonlySet<string> =>
    new Set(items.flatMap(({ kind, id }) => (kind === wanted ? [id] : [])));
  return { runs: ofKind('run'), loggedModels: ofKind('logged model') };
}
