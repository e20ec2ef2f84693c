import type { Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { LoggedModel, NewLoggedModel } from '../../../tracking/logged-model.ts';
import type { LoggedModelQuery, LoggedModelStore } from '../../../tracking/logged-model-store.ts';
import type { KeyValue, Page } from '../../../tracking/model.ts';
import type { Database, Transaction } from '../database.ts';
import { noExperiment } from './experiment-store.ts';
import { type LoggedModelParts, type LoggedModelRow, loggedModelsOf } from './logged-model-rows.ts';
import { loggedModelsFound, loggedModelSizes } from './logged-model-search.ts';
import { fittingLimit } from '../page-size.ts';
import { artifactUri, notActive } from './run-facts.ts';
import type { Tables } from '../tables.ts';
import { chunksOf } from '../../../kernel/chunks.ts';

/** Ids in one statement, and rows of one insert. */
const atOnce = 1000;

/** Logged models in a SQL database. */
export function sqlLoggedModelStore(database: Database): LoggedModelStore {
  const { sql, transaction } = database;
  return {
    create: (model) => transaction((open) => create(sql, open, model)),
    async get(id, { deleted = false } = {}) {
      const model = sql.selectFrom('logged_models').selectAll().where('id', '=', id);
      const [{ rows }, ...parts] = await database.read([
        deleted ? model : model.where('lifecycle_stage', '=', 'active'),
        ...partQueries(sql, [id]),
      ]);
      return loggedModelsOf(rows, partsOf([parts]))[0];
    },
    finalize: (id, status, now) =>
      transaction((open) => change(sql, open, { id, to: { status, updated_at: now } })),
    async delete(id, now) {
      await transaction((open) =>
        change(sql, open, { id, to: { lifecycle_stage: 'deleted', updated_at: now } }),
      );
    },
    async setTags(id, tags) {
      await transaction(async (open) => {
        await requireModel(sql, open, id);
        await open.run(tagInserts(sql, id, tags));
      });
    },
    async changeTag(id, key, change) {
      await transaction(async (open) => {
        await requireModel(sql, open, id);
        const [{ rows }] = await open.run([
          sql
            .selectFrom('logged_model_tags')
            .select('value')
            .where('model_id', '=', id)
            .where('key', '=', key),
        ]);
        await open.run(tagInserts(sql, id, [{ key, value: change(rows[0]?.value) }]));
      });
    },
    async deleteTag(id, key) {
      await transaction(async (open) => {
        await requireModel(sql, open, id);
        const [{ numAffectedRows }] = await open.run([
          sql.deleteFrom('logged_model_tags').where('model_id', '=', id).where('key', '=', key),
        ]);
        if (!numAffectedRows)
          throw new PlatformError('TAG_NOT_FOUND', {
            field: 'tag',
            value: key,
            remedy: `The logged model ${id} has none of this key.`,
          });
      });
    },
    async logParams(id, params) {
      await transaction(async (open) => {
        await requireModel(sql, open, id);
        await addParams(sql, open, { id, params });
      });
    },
    search: (query) => search(database, query),
  };
}

async function create(sql: Kysely<Tables>, open: Transaction, model: NewLoggedModel): Promise<LoggedModel> {
  const { id, experimentId, now } = model;
  const [experiments, same] = await open.run([
    sql
      .selectFrom('experiments')
      .select(['artifact_location', 'lifecycle_stage'])
      .where('id', '=', /^\d{1,15}$/.test(experimentId) ? Number(experimentId) : -1),
    sql.selectFrom('logged_models').select('id').where('id', '=', id),
  ]);
  const [experiment] = experiments.rows;
  if (!experiment) throw noExperiment(experimentId);
  if (experiment.lifecycle_stage !== 'active') throw notActive('experiment', experimentId);
  if (same.rows.length > 0)
    throw new PlatformError('INPUT_INVALID', {
      field: 'logged model',
      value: id,
      remedy: 'There is one of this id: give a new one.',
    });
  const row: LoggedModelRow = {
    id,
    experiment_id: Number(experimentId),
    name: model.name,
    artifact_uri: artifactUri(experiment.artifact_location, `models/${id}`),
    status: 'PENDING',
    lifecycle_stage: 'active',
    model_type: model.modelType,
    source_run_id: model.sourceRunId,
    created_at: now,
    updated_at: now,
  };
  await open.run([sql.insertInto('logged_models').values(row), ...tagInserts(sql, id, model.tags)]);
  await addParams(sql, open, { id, params: model.params });
  return written(sql, open, id);
}

interface Change {
  readonly id: string;
  readonly to: Partial<Pick<LoggedModelRow, 'status' | 'lifecycle_stage' | 'updated_at'>>;
}

async function change(sql: Kysely<Tables>, open: Transaction, { id, to }: Change): Promise<LoggedModel> {
  await requireModel(sql, open, id);
  await open.run([sql.updateTable('logged_models').set(to).where('id', '=', id)]);
  return written(sql, open, id);
}

async function written(sql: Kysely<Tables>, open: Transaction, id: string): Promise<LoggedModel> {
  const [{ rows }, ...parts] = await open.run([
    sql.selectFrom('logged_models').selectAll().where('id', '=', id),
    ...partQueries(sql, [id]),
  ]);
  const [model] = loggedModelsOf(rows, partsOf([parts]));
  if (model) return model;
  throw noModel(id);
}

async function addParams(
  sql: Kysely<Tables>,
  open: Transaction,
  { id, params }: { readonly id: string; readonly params: readonly KeyValue[] },
): Promise<void> {
  for (const part of chunksOf(params, atOnce)) {
    const keys = part.map(({ key }) => key);
    const [, { rows }] = await open.run([
      sql
        .insertInto('logged_model_params')
        .values(part.map((param) => ({ model_id: id, ...param })))
        .onConflict((same) => same.doNothing()),
      sql
        .selectFrom('logged_model_params')
        .select(['key', 'value'])
        .where('model_id', '=', id)
        .where('key', 'in', keys),
    ]);
    const stored = new Map(rows.map(({ key, value }) => [key, value]));
    for (const { key, value } of part)
      if (stored.get(key) !== value)
        throw new PlatformError('INPUT_INVALID', {
          field: `param ${key}`,
          value,
          remedy: `The logged model has ${JSON.stringify(stored.get(key))} there, and a param is written once.`,
        });
  }
}

function tagInserts(sql: Kysely<Tables>, id: string, tags: readonly KeyValue[]) {
  const last = [...new Map(tags.map(({ key, value }) => [key, { model_id: id, key, value }])).values()];
  return chunksOf(last, atOnce).map((rows) =>
    sql
      .insertInto('logged_model_tags')
      .values(rows)
      .onConflict((same) =>
        same.columns(['model_id', 'key']).doUpdateSet((row) => ({ value: row.ref('excluded.value') })),
      ),
  );
}

async function search(database: Database, query: LoggedModelQuery): Promise<Page<LoggedModel>> {
  const { sql, read } = database;
  const limit = await fittingLimit(database, loggedModelSizes(sql, query), query.limit);
  const [{ rows }] = await read([loggedModelsFound(sql, { ...query, limit }).selectAll()]);
  const page = rows.slice(0, limit);
  const parts: PartRows[] = [];
  for (const ids of chunksOf(
    page.map(({ id }) => id),
    atOnce,
  ))
    parts.push(await read(partQueries(sql, ids)));
  return {
    items: loggedModelsOf(page, partsOf(parts)),
    next: rows.length > page.length ? query.offset + page.length : undefined,
  };
}

type PartRows = readonly [
  { readonly rows: LoggedModelParts['params'] },
  { readonly rows: LoggedModelParts['tags'] },
  { readonly rows: LoggedModelParts['metrics'] },
];

function partQueries(sql: Kysely<Tables>, ids: readonly string[]) {
  return [
    sql.selectFrom('logged_model_params').selectAll().where('model_id', 'in', ids).orderBy('key'),
    sql.selectFrom('logged_model_tags').selectAll().where('model_id', 'in', ids).orderBy('key'),
    sql
      .selectFrom('model_metrics')
      .selectAll()
      .where('model_id', 'in', ids)
      .orderBy('key')
      .orderBy('timestamp')
      .orderBy('step')
      .orderBy('value'),
  ] as const;
}

function partsOf(chunks: readonly PartRows[]): LoggedModelParts {
  return {
    params: chunks.flatMap(([params]) => params.rows),
    tags: chunks.flatMap(([, tags]) => tags.rows),
    metrics: chunks.flatMap(([, , metrics]) => metrics.rows),
  };
}

async function requireModel(sql: Kysely<Tables>, open: Transaction, id: string): Promise<void> {
  const [{ rows }] = await open.run([
    sql.selectFrom('logged_models').select('lifecycle_stage').where('id', '=', id),
  ]);
  if (rows[0]?.lifecycle_stage !== 'active') throw noModel(id);
}

function noModel(id: string): PlatformError {
  return new PlatformError('LOGGED_MODEL_NOT_FOUND', {
    field: 'logged model',
    value: id,
    remedy: 'No logged model has this id, or it is deleted.',
  });
}
