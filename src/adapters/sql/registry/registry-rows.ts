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

/** Which models or versions, in which order: everything but the columns. */
export type ModelsAsked = SelectQueryBuilder<Tables, 'registered_models', object>;
export type VersionsAsked = SelectQueryBuilder<Tables, 'model_versions', object>;

/** The selects that versions are made of; `versionsOf` puts their answers together. */
export function versionQueries(sql: Kysely<Tables>, asked: VersionsAsked): VersionQueries {
  const keys = asked.select(['model_versions.model', 'model_versions.version']).as('asked');
  return [
    asked.selectAll('model_versions'),
    sql
      .selectFrom('model_version_tags as tags')
      .innerJoin(keys, (on) =>
        on.onRef('asked.model', '=', 'tags.model').onRef('asked.version', '=', 'tags.version'),
      )
      .selectAll('tags')
      .orderBy('tags.key'),
    sql
      .selectFrom('model_aliases as aliases')
      .innerJoin(keys, (on) =>
        on.onRef('asked.model', '=', 'aliases.model').onRef('asked.version', '=', 'aliases.version'),
      )
      .selectAll('aliases')
      .orderBy('aliases.alias'),
  ];
}

type VersionQueries = readonly [Compilable<VersionRow>, Compilable<VersionTagRow>, Compilable<AliasRow>];
type VersionAnswers = readonly [QueryResult<VersionRow>, QueryResult<VersionTagRow>, QueryResult<AliasRow>];

export function versionsOf([versions, tags, aliases]: VersionAnswers): readonly ModelVersion[] {
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

/** The versions that may be of the pipeline: those with a folder, and copies of them. */
export function pipelineVersions(sql: Kysely<Tables>, model: string): VersionsAsked {
  return sql
    .selectFrom('model_versions')
    .where('model_versions.model', '=', model)
    .where('run_id', 'is not', null)
    .where((row) =>
      row.or([row('folder', 'is not', null), row('storage_location', 'like', `${folderUriRoot}%`)]),
    );
}

/** The first version of a model that has the folder; the others are copies. */
export function versionsWithFolder(sql: Kysely<Tables>, model: string, folder: Digest): VersionsAsked {
  return pipelineVersions(sql, model)
    .where((row) => row.or([row('folder', '=', folder), row('storage_location', '=', folderUri(folder))]))
    .orderBy('version')
    .limit(1);
}

/** The folder that a version was made with, or that of the version that it is a copy of. */
export function folderOfRow({
  folder,
  storage_location,
}: Pick<VersionRow, 'folder' | 'storage_location'>): Digest | undefined {
  return folder === null ? folderAt(storage_location ?? '') : (folder as Digest);
}

const allStages = text<{ stage: string }>`(${text.join(
  stages.map((stage) => text`select ${text.lit(stage)} as stage`),
  text` union all `,
)})`.as('stages');

const newest = text<number>`(select max(version) from model_versions as every
  where every.model = asked.name and every.stage = stages.stage)`;

/** MLflow lists the stages in the order in which they first come among the versions. */
const firstOfStage = text<number>`(select min(version) from model_versions as every
  where every.model = model_versions.model and every.stage = model_versions.stage)`;

/** The selects that models are made of; `modelsOf` puts their answers together. */
export function modelQueries(sql: Kysely<Tables>, asked: ModelsAsked): ModelQueries {
  const names = sql.selectFrom(asked.select('registered_models.name').as('asked')).select('asked.name');
  // Looked up stage by stage: a group over all versions of a model would read every one of them.
  const latest = sql
    .selectFrom(asked.select('registered_models.name').as('asked'))
    .innerJoin(allStages, (on) => on.onTrue())
    .select(['asked.name as model', newest.as('version')]);
  return [
    asked.selectAll('registered_models'),
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
type ModelAnswers = readonly [
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
]: ModelAnswers): readonly RegisteredModel[] {
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
