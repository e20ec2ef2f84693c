import type { Compilable, Expression, ExpressionBuilder, Kysely, SelectQueryBuilder, SqlBool } from 'kysely';
import type { PurgeSelection } from '../../../tracking/purge-store.ts';
import { integerId } from '../tracking/experiment-search.ts';
import type { ExperimentRow, ModelRow, RunRow, VersionRow } from './purge-facts.ts';
import type { Tables } from '../tables.ts';

/** The experiments that are named or old enough. */
export function experimentsChosen(
  sql: Kysely<Tables>,
  { experiments, deletedBefore }: PurgeSelection,
): Compilable<ExperimentRow> {
  return sql
    .selectFrom('experiments')
    .select(['id', 'name', 'lifecycle_stage', 'updated_at'])
    .where((row) =>
      row.or([
        row('id', 'in', orNone(experiments.map(integerId), -1)),
        ...(deletedBefore === undefined
          ? []
          : [row.and([row('lifecycle_stage', '=', 'deleted'), row('updated_at', '<=', deletedBefore)])]),
      ]),
    )
    .orderBy('id');
}

export function experimentsOfModels(
  sql: Kysely<Tables>,
  modelIds: readonly string[],
): Compilable<ExperimentRow> {
  const ids = sql.selectFrom('logged_models').select('experiment_id').where('id', 'in', orNone(modelIds, ''));
  return sql
    .selectFrom('experiments')
    .select(['id', 'name', 'lifecycle_stage', 'updated_at'])
    .where('id', 'in', ids);
}

/** The runs that are named or old enough, and all of the experiments. */
export function runsChosen(
  sql: Kysely<Tables>,
  { runs, deletedBefore }: PurgeSelection,
  experimentIds: readonly number[],
): SelectQueryBuilder<Tables, 'runs', RunRow> {
  return sql
    .selectFrom('runs')
    .select([
      'runs.id',
      'runs.name',
      'runs.experiment_id',
      'runs.artifact_uri',
      'runs.lifecycle_stage',
      'runs.deleted_at',
    ])
    .where((row) =>
      row.or([
        row('runs.id', 'in', orNone(runs, '')),
        row('runs.experiment_id', 'in', orNone(experimentIds, -1)),
        ...(deletedBefore === undefined
          ? []
          : [
              row.and([
                row('runs.lifecycle_stage', '=', 'deleted'),
                row(row.fn.coalesce('runs.deleted_at', row.lit(0)), '<=', deletedBefore),
              ]),
            ]),
      ]),
    )
    .orderBy('runs.started_at')
    .orderBy('runs.id');
}

export function runsNamed(sql: Kysely<Tables>, runs: readonly string[]): Compilable<RunRow> {
  const none = { loggedModels: [], experiments: [], registeredModels: [], deletedBefore: undefined };
  return runsChosen(sql, { runs, ...none }, []);
}

/** The logged models that are named or old enough, or belong to these experiments or runs. */
export function modelsChosen(
  sql: Kysely<Tables>,
  selection: PurgeSelection,
  experimentIds: readonly number[],
): Compilable<ModelRow> {
  const { loggedModels, deletedBefore } = selection;
  const runs = runsChosen(sql, selection, experimentIds).clearSelect().clearOrderBy().select('runs.id');
  return modelsWhere(sql, (row) =>
    row.or([
      row('source_run_id', 'in', runs),
      row('id', 'in', orNone(loggedModels, '')),
      row('experiment_id', 'in', orNone(experimentIds, -1)),
      ...(deletedBefore === undefined
        ? []
        : [row.and([row('lifecycle_stage', '=', 'deleted'), row('updated_at', '<=', deletedBefore)])]),
    ]),
  );
}

export function modelsWhere(
  sql: Kysely<Tables>,
  condition: (row: ExpressionBuilder<Tables, 'logged_models'>) => Expression<SqlBool>,
): Compilable<ModelRow> {
  return sql
    .selectFrom('logged_models')
    .select(['id', 'name', 'experiment_id', 'source_run_id', 'artifact_uri', 'lifecycle_stage', 'updated_at'])
    .where(condition)
    .orderBy('created_at')
    .orderBy('id');
}

/** All registered versions, with the parent of the run that made each. */
export function registeredVersions(sql: Kysely<Tables>): Compilable<VersionRow> {
  return sql
    .selectFrom('model_versions')
    .leftJoin('runs', 'runs.id', 'model_versions.run_id')
    .select([
      'model_versions.model',
      'model_versions.version',
      'model_versions.source',
      'model_versions.storage_location',
      'model_versions.logged_model_id',
      'model_versions.folder',
      'model_versions.run_id',
      'runs.parent_id',
    ])
    .orderBy('model_versions.model')
    .orderBy('model_versions.version');
}

export function aliasesOf(
  sql: Kysely<Tables>,
  models: readonly string[],
): Compilable<{ readonly model: string; readonly alias: string }> {
  return sql.selectFrom('model_aliases').select(['model', 'alias']).where('model', 'in', orNone(models, ''));
}

/** `in ()` is invalid SQL: `none` is a value that no row has. */
export function orNone<Value>(values: readonly Value[], none: Value): readonly Value[] {
  return values.length ? values : [none];
}
