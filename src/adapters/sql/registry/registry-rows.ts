import {
  sql as text,
  type Compilable,
  type Kysely,
  type QueryResult,
  type SelectQueryBuilder,
  type Selectable,
} from 'kysely';
import type { Digest } from '../../../kernel/digest.ts';
import {
  type AliasMove,
  type ModelVersion,
  type RegisteredModel,
  type Stage,
  stages,
} from '../../../registry/model.ts';
import { folderAt, folderUri, folderUriRoot } from '../../../tracking/artifacts/location.ts';
import { groupRows } from '../group-rows.ts';
import { fromColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';

type ModelRow = Selectable<Tables['registered_models']>;
type VersionRow = Selectable<Tables['model_versions']>;
type ModelTagRow = Selectable<Tables['registered_model_tags']>;
type VersionTagRow = Selectable<Tables['model_version_tags']>;
type AliasRow = Selectable<Tables['model_aliases']>;

/** Selects models or versions in an order, without columns. */
export type ModelsQuery = SelectQueryBuilder<Tables, 'registered_models', object>;
export type VersionsQuery = SelectQueryBuilder<Tables, 'model_versions', object>;

/** Selects everything of versions; `versionsOf` combines the results. */
export function versionQueries(sql: Kysely<Tables>, query: VersionsQuery): VersionQueries {
  const keys = query.select(['model_versions.model', 'model_versions.version']).as('selected');
  return [
    query.selectAll('model_versions'),
    sql
      .selectFrom('model_version_tags as tags')
      .innerJoin(keys, (on) =>
        on.onRef('selected.model', '=', 'tags.model').onRef('selected.version', '=', 'tags.version'),
      )
      .selectAll('tags')
      .orderBy('tags.key'),
    sql
      .selectFrom('model_aliases as aliases')
      .innerJoin(keys, (on) =>
        on.onRef('selected.model', '=', 'aliases.model').onRef('selected.version', '=', 'aliases.version'),
      )
      .selectAll('aliases')
      .orderBy('aliases.alias'),
  ];
}

type VersionQueries = readonly [Compilable<VersionRow>, Compilable<VersionTagRow>, Compilable<AliasRow>];
type VersionResults = readonly [QueryResult<VersionRow>, QueryResult<VersionTagRow>, QueryResult<AliasRow>];

export function versionsOf([versions, tags, aliases]: VersionResults): readonly ModelVersion[] {
  const tagsOf = groupRows(tags.rows, keyOf);
  const aliasesOf = groupRows(aliases.rows, keyOf);
  return versions.rows.map((row) => ({
    model: row.model,
    version: row.version,
    source: row.source,
    storage: row.storage_location ?? row.source,
    runId: row.run_id ?? undefined,
    runLink: row.run_link,
    loggedModelId: row.logged_model_id ?? undefined,
    folder: folderOfRow(row),
    metrics: fromColumn<ModelVersion['metrics']>(row.metrics),
    description: row.description,
    stage: row.stage as Stage,
    tags: textsOf(tagsOf.get(keyOf(row))),
    aliases: (aliasesOf.get(keyOf(row)) ?? []).map(({ alias }) => alias),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

/** Versions that the pipeline may have made: those with a folder, and their copies. */
export function pipelineVersions(sql: Kysely<Tables>, model: string): VersionsQuery {
  return sql
    .selectFrom('model_versions')
    .where('model_versions.model', '=', model)
    .where('run_id', 'is not', null)
    .where((row) =>
      row.or([row('folder', 'is not', null), row('storage_location', 'like', `${folderUriRoot}%`)]),
    );
}

/** The first version of a model with the folder; later ones are copies. */
export function versionsWithFolder(sql: Kysely<Tables>, model: string, folder: Digest): VersionsQuery {
  return pipelineVersions(sql, model)
    .where((row) => row.or([row('folder', '=', folder), row('storage_location', '=', folderUri(folder))]))
    .orderBy('version')
    .limit(1);
}

/** The folder of a version from the pipeline, or of the version that it copies. */
export function folderOfRow({
  folder,
  storage_location,
}: Pick<VersionRow, 'folder' | 'storage_location'>): Digest | undefined {
  return folder === null ? folderAt(storage_location ?? '') : (folder as Digest);
}

/** The stages, one a row. */
export const allStages = text<{ stage: string }>`(${text.join(
  stages.map((stage) => text`select ${text.lit(stage)} as stage`),
  text` union all `,
)})`.as('stages');

const newest = text<number>`(select max(version) from model_versions as every
  where every.model = selected.name and every.stage = stages.stage)`;

/** MLflow orders stages by their first version. */
const firstOfStage = text<number>`(select min(version) from model_versions as every
  where every.model = model_versions.model and every.stage = model_versions.stage)`;

/** Selects everything of models; `modelsOf` combines the results. */
export function modelQueries(sql: Kysely<Tables>, query: ModelsQuery): ModelQueries {
  const names = sql.selectFrom(query.select('registered_models.name').as('selected')).select('selected.name');
  // One lookup per stage: grouping would read every version of a model.
  const latest = sql
    .selectFrom(query.select('registered_models.name').as('selected'))
    .innerJoin(allStages, (on) => on.onTrue())
    .select(['selected.name as model', newest.as('version')]);
  return [
    query.selectAll('registered_models'),
    sql.selectFrom('registered_model_tags').selectAll().where('model', 'in', names).orderBy('key'),
    sql.selectFrom('model_aliases').selectAll().where('model', 'in', names).orderBy('alias'),
    sql
      .selectFrom('model_versions')
      .selectAll()
      .where((row) => row(row.refTuple('model', 'version'), 'in', latest.$asTuple('model', 'version')))
      .orderBy(firstOfStage),
    sql
      .selectFrom('model_version_tags')
      .selectAll()
      .where((row) => row(row.refTuple('model', 'version'), 'in', latest.$asTuple('model', 'version')))
      .orderBy('key'),
  ];
}

type ModelQueries = readonly [
  Compilable<ModelRow>,
  Compilable<ModelTagRow>,
  Compilable<AliasRow>,
  Compilable<VersionRow>,
  Compilable<VersionTagRow>,
];
type ModelResults = readonly [
  QueryResult<ModelRow>,
  QueryResult<ModelTagRow>,
  QueryResult<AliasRow>,
  QueryResult<VersionRow>,
  QueryResult<VersionTagRow>,
];

export function modelsOf([
  models,
  tags,
  aliases,
  latest,
  versionTags,
]: ModelResults): readonly RegisteredModel[] {
  const tagsOf = groupRows(tags.rows, ({ model }) => model);
  const aliasesOf = groupRows(aliases.rows, ({ model }) => model);
  const latestOf = groupRows(versionsOf([latest, versionTags, aliases]), ({ model }) => model);
  return models.rows.map((row) => ({
    name: row.name,
    description: row.description,
    tags: textsOf(tagsOf.get(row.name)),
    aliases: Object.fromEntries(
      (aliasesOf.get(row.name) ?? []).map(({ alias, version }) => [alias, version]),
    ),
    latest: latestOf.get(row.name) ?? [],
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
}

export function aliasMoveOf(row: Selectable<Tables['alias_moves']>): AliasMove {
  return {
    model: row.model,
    alias: row.alias,
    from: row.from_version ?? undefined,
    to: row.to_version ?? undefined,
    by: row.moved_by,
    movedAt: row.moved_at,
    ...(row.why !== '' && { why: row.why }),
  };
}

function keyOf({ model, version }: { readonly model: string; readonly version: number }): string {
  return `${version} ${model}`;
}

function textsOf(
  rows: readonly { readonly key: string; readonly value: string }[] | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries((rows ?? []).map(({ key, value }) => [key, value]));
}
