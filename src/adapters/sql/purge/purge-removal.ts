import type { Kysely } from 'kysely';
import { purgeRule } from '../../../tracking/purge-rule.ts';
import type { Transaction } from '../database.ts';
import { integerId } from '../tracking/experiment-search.ts';
import { datasetsOf, experimentDeletes, runDeletes } from './purge-deletes.ts';
import { experimentFact, modelFact, runFact, versionLocation } from './purge-facts.ts';
import {
  aliasesOf,
  experimentsOfModels,
  modelsWhere,
  orNone,
  runsNamed,
  registeredVersions,
} from './purge-selection.ts';
import { modelDeletes } from '../registry/registry-models.ts';
import type { Tables } from '../tables.ts';

/** Items of one kind to remove in one transaction. */
export interface Removal {
  readonly ids: readonly string[];
  readonly now: number;
}

export interface Removed {
  readonly runs: readonly string[];
  readonly loggedModels: readonly string[];
}

/** Removes runs and their logged models if they are still purgeable. */
export async function removeRuns(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { ids, now }: Removal,
): Promise<Removed> {
  const [runs, models, versions] = await run([
    runsNamed(sql, ids),
    modelsWhere(sql, (row) => row('source_run_id', 'in', orNone(ids, ''))),
    registeredVersions(sql),
  ]);
  const facts = { runs: runs.rows.map(runFact), loggedModels: models.rows.map(modelFact) };
  const purgeable = idsToPurge(
    purgeRule({ ...facts, experiments: [], versions: versions.rows.map(versionLocation) }).go,
  );
  const removed = facts.runs.filter(({ id }) => purgeable.runs.has(id));
  const removedIds = removed.map(({ id }) => id);
  const [datasets] = await run([datasetsOf(sql, removedIds)]);
  const loggedModels = facts.loggedModels.filter(({ id }) => purgeable.loggedModels.has(id));
  const deleted = {
    runs: removed,
    loggedModels,
    datasets: datasets.rows.map(({ dataset_id }) => dataset_id),
  };
  await run(runDeletes(sql, { ...deleted, now }));
  return { runs: removedIds, loggedModels: loggedModels.map(({ id }) => id) };
}

/** Removes logged models that are deleted, or whose experiment is. @returns the removed ids */
export async function removeLoggedModels(
  sql: Kysely<Tables>,
  { run }: Transaction,
  { ids, now }: Removal,
): Promise<readonly string[]> {
  const [models, experiments, versions] = await run([
    modelsWhere(sql, (row) => row('id', 'in', orNone(ids, ''))),
    experimentsOfModels(sql, ids),
    registeredVersions(sql),
  ]);
  const facts = models.rows.map(modelFact);
  const { loggedModels: purgeable } = idsToPurge(
    purgeRule({
      runs: [],
      loggedModels: facts,
      experiments: experiments.rows.map(experimentFact),
      versions: versions.rows.map(versionLocation),
    }).go,
  );
  const loggedModels = facts.filter(({ id }) => purgeable.has(id));
  await run(runDeletes(sql, { runs: [], loggedModels, datasets: [], now }));
  return loggedModels.map(({ id }) => id);
}

/** @returns whether it was removed: not if it was restored or is not empty */
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

/** @returns whether it was removed: not if an alias points to it by now */
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

function idsToPurge(items: ReturnType<typeof purgeRule>['go']): {
  readonly runs: ReadonlySet<string>;
  readonly loggedModels: ReadonlySet<string>;
} {
  const ofKind = (purgedKind: string): ReadonlySet<string> =>
    new Set(items.flatMap(({ kind, id }) => (kind === purgedKind ? [id] : [])));
  return { runs: ofKind('run'), loggedModels: ofKind('logged model') };
}
