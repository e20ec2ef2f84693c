import type { Kysely, Selectable } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { AliasMove, Verdict, ModelVersion, NewVerdict, NewVersion } from '../../../registry/model.ts';
import type { RegistryStore } from '../../../registry/store.ts';
import { folderUri } from '../../../tracking/artifacts/location.ts';
import { modelCreated, versionCreated } from '../../../registry/webhooks/event.ts';
import type { Database, Transaction } from '../database.ts';
import { fromColumn, toColumn } from '../json-column.ts';
import { pipelineVersion, pipelineVersions, versionsWithFolder } from './registry-pipeline-versions.ts';
import { aliasChangeOf } from './registry-rows.ts';
import { aliasQueries, holdModel, requireVersion } from './registry-writes.ts';
import type { Tables } from '../tables.ts';
import { queueFor } from './webhook-queue.ts';

/** Versions, aliases and verdicts in a SQL database. */
export function sqlRegistryStore(database: Database): RegistryStore {
  const { sql, read, transaction } = database;
  return {
    register: (version) => register(database, version),
    async findVersion(model, version) {
      const [{ rows }] = await read([pipelineVersions(sql, model).where('version', '=', version)]);
      return rows.flatMap(pipelineVersion)[0];
    },
    async findByFolder(model, folder) {
      const [{ rows }] = await read([versionsWithFolder(sql, model, folder)]);
      return rows.flatMap(pipelineVersion)[0];
    },
    async listVersions(model) {
      const [{ rows }] = await read([pipelineVersions(sql, model).orderBy('version', 'desc')]);
      return rows.flatMap(pipelineVersion);
    },
    async listModels() {
      const [{ rows }] = await read([sql.selectFrom('registered_models').select('name').orderBy('name')]);
      return rows.map(({ name }) => name);
    },
    async aliases(model) {
      const [{ rows }] = await read([
        sql.selectFrom('model_aliases').selectAll().where('model', '=', model).orderBy('alias'),
      ]);
      return Object.fromEntries(rows.map(({ alias, version }) => [alias, version]));
    },
    decide: (verdict, move) =>
      transaction(async (open) => {
        await requireVersion(sql, open, verdict);
        if (move) await moveAlias(sql, open, move);
        return saveVerdict(sql, open, verdict);
      }),
    moveAlias: (move) => transaction((open) => moveAlias(sql, open, move)),
    async listVerdicts(model, version) {
      const all = sql.selectFrom('judgements').selectAll().where('model', '=', model).orderBy('id', 'desc');
      const [{ rows }] = await read([version === undefined ? all : all.where('version', '=', version)]);
      return rows.map(verdictOf);
    },
    async aliasHistory(model, alias) {
      const moves = sql
        .selectFrom('alias_moves')
        .selectAll()
        .where('model', '=', model)
        .where('alias', '=', alias);
      const [{ rows }] = await read([moves.orderBy('id', 'desc')]);
      return rows
        .map(aliasChangeOf)
        .flatMap((move) => (move.to === undefined ? [] : [{ ...move, to: move.to }]));
    },
  };
}

async function register({ sql, transaction }: Database, version: NewVersion): Promise<ModelVersion> {
  const { model, runId, folder, metrics, createdAt } = version;
  return transaction(async (open) => {
    const [made] = await open.run([
      sql
        .insertInto('registered_models')
        .values({ name: model, created_at: createdAt, updated_at: createdAt })
        .onConflict((known) => known.doNothing()),
    ]);
    const held = await holdModel(sql, open, model);
    const [same] = await open.run([versionsWithFolder(sql, model, folder)]);
    const [known] = same.rows.flatMap(pipelineVersion);
    if (known) return known;
    const number = held.lastVersion + 1;
    const source = folderUri(folder);
    const told = { model, source, runId, tags: {}, description: '' };
    await open.run([
      sql.insertInto('model_versions').values({
        model,
        version: number,
        run_id: runId,
        folder,
        source,
        metrics: toColumn(metrics),
        created_at: createdAt,
        updated_at: createdAt,
      }),
      sql
        .updateTable('registered_models')
        .set({ last_version: number, updated_at: createdAt })
        .where('name', '=', model),
      ...(made.numAffectedRows
        ? [queueFor(sql, modelCreated({ name: model, tags: {}, description: '' }, false), createdAt)]
        : []),
      queueFor(sql, versionCreated(told, String(number), held.isPrompt), createdAt),
    ]);
    return { ...version, version: number };
  });
}

async function moveAlias(sql: Kysely<Tables>, open: Transaction, move: AliasMove): Promise<void> {
  const { model, alias, from, to } = move;
  await requireVersion(sql, open, { model, version: to });
  const held = await holdModel(sql, open, model);
  const moved =
    from === undefined
      ? sql
          .insertInto('model_aliases')
          .values({ model, alias, version: to })
          .onConflict((taken) => taken.doNothing())
      : sql
          .updateTable('model_aliases')
          .set({ version: to })
          .where('model', '=', model)
          .where('alias', '=', alias)
          .where('version', '=', from);
  const [{ numAffectedRows }, current] = await open.run([
    moved,
    sql.selectFrom('model_aliases').select('version').where('model', '=', model).where('alias', '=', alias),
  ]);
  if (!numAffectedRows) throw aliasMoved(move, current.rows[0]?.version);
  await open.run(aliasQueries(sql, move, held));
}

async function saveVerdict(sql: Kysely<Tables>, open: Transaction, verdict: NewVerdict): Promise<Verdict> {
  const { model, version, alias, decision, facts, decidedAt } = verdict;
  const row = {
    model,
    version,
    alias,
    verdict: toColumn(decision),
    facts: toColumn(facts),
    decided_at: decidedAt,
  };
  const [{ rows }] = await open.run([sql.insertInto('judgements').values(row).returningAll()]);
  const [saved] = rows.map(verdictOf);
  if (saved) return saved;
  throw new PlatformError('INTERNAL', {
    field: 'verdict',
    value: version,
    remedy: 'The database did not answer with what it wrote.',
  });
}

function aliasMoved({ model, alias, from }: AliasMove, current: number | undefined): PlatformError {
  const expected = from === undefined ? 'nothing under it' : `version ${from} under it`;
  const remedy = `This move was made for ${expected}: look again and decide anew.`;
  return new PlatformError('ALIAS_MOVED', { field: `${model}@${alias}`, value: current, remedy });
}

function verdictOf(row: Selectable<Tables['judgements']>): Verdict {
  return {
    id: row.id,
    model: row.model,
    version: row.version,
    alias: row.alias,
    decision: fromColumn<Verdict['decision']>(row.verdict),
    facts: fromColumn<Verdict['facts']>(row.facts),
    decidedAt: row.decided_at,
  };
}
