import { sql as raw, type Compilable, type Kysely, type SqlBool } from 'kysely';
import type { ImportedRun, ImportNote, ImportStore } from '../../../tracking/import-store.ts';
import { runTag } from '../../../tracking/model.ts';
import type { Condition, Database } from '../database.ts';
import { putExperiment } from './import-experiments.ts';
import { putLoggedModel } from './import-logged-models.ts';
import { importNotes, importedNote, writeNote } from './import-notes.ts';
import { integerId } from '../tracking/experiment-search.ts';
import { logWriter, type LogWriter } from '../tracking/log-batch.ts';
import { linkWrites } from '../tracking/run-links.ts';
import type { Tables } from '../tables.ts';
import { chunksOf } from '../../../kernel/chunks.ts';

/** Points per transaction. */
const pointsAtOnce = 5000;

/** Writes entities of another tracking server to a SQL database. */
export function sqlImportStore(database: Database): ImportStore {
  const { sql, transaction } = database;
  const log = logWriter(sql);
  return {
    ...importNotes(database),
    putExperiment: (experiment, note) =>
      transaction((open) => putExperiment(sql, open, { experiment, note })),
    putRun: (run, note) =>
      database.writeIf([isFreeOrImported(sql, note)], runWrites({ sql, log }, run, note)),
    async addPoints(runId, points) {
      for (const metrics of chunksOf(points, pointsAtOnce))
        await database.writeIf([], log.writes(runId, { metrics }));
    },
    async parents({ after, limit }) {
      const [{ rows }] = await database.read([parentsOf(sql).where('run_id', '>', after).limit(limit)]);
      return rows;
    },
    async dropParent(runId) {
      const tag = sql.deleteFrom('run_tags').where('run_id', '=', runId).where('key', '=', runTag.parent);
      const nested = sql.updateTable('runs').set({ parent_id: null }).where('id', '=', runId);
      await transaction(({ run }) => run([tag, nested]));
    },
    async nestRuns(source) {
      await transaction(({ run }) => run([nesting(sql, source)]));
    },
    putLoggedModel: (model, note) => transaction((open) => putLoggedModel(sql, open, { model, note })),
  };
}

/** Holds if the run's id is free, or if its run was imported from the same source. */
function isFreeOrImported(sql: Kysely<Tables>, note: ImportNote): Condition {
  const foreign = sql
    .selectFrom('runs')
    .select('id')
    .where('id', '=', note.id)
    .where((where) => where.not(where.exists(importedNote(sql, note))));
  return { query: foreign, finds: 'nothing' };
}

interface Writers {
  readonly sql: Kysely<Tables>;
  readonly log: LogWriter;
}

function runWrites({ sql, log }: Writers, run: ImportedRun, note: ImportNote): readonly Compilable[] {
  const { id, params, tags, points } = run;
  const isDeleted = run.lifecycle === 'deleted';
  const experimentId = integerId(run.experimentId);
  const facts = {
    name: run.name,
    user_id: run.user,
    source_type: run.sourceType,
    source_name: run.sourceName,
    artifact_uri: run.artifactUri,
    lifecycle_stage: run.lifecycle,
    deleted_at: isDeleted ? (run.deletedAt ?? run.endedAt ?? run.startedAt) : null,
    deleted_with_experiment: raw<number>`${raw.lit(isDeleted ? 1 : 0)} * (select count(*) from experiments
      where experiments.id = ${experimentId} and experiments.lifecycle_stage = 'deleted')`,
    status: run.status,
    started_at: run.startedAt,
    ended_at: run.endedAt ?? null,
  };
  return [
    sql
      .insertInto('runs')
      .values({ id, experiment_id: experimentId, ...facts })
      .onConflict((same) => same.column('id').doUpdateSet(facts)),
    ...log.writes(id, { params, tags, metrics: points }),
    ...linkWrites(sql, { runId: id, experimentId }, run),
    writeNote(sql, note),
  ];
}

function parentsOf(sql: Kysely<Tables>) {
  return sql
    .selectFrom('run_tags')
    .innerJoin('runs as parents', 'parents.id', 'run_tags.value')
    .select(['run_tags.run_id as runId', 'parents.id as parentId'])
    .where('run_tags.key', '=', runTag.parent)
    .orderBy('run_tags.run_id');
}

function nesting(sql: Kysely<Tables>, source: string): Compilable {
  const parent = raw<string>`(select parents.id from run_tags join runs as parents on parents.id = run_tags.value
    where run_tags.run_id = runs.id and run_tags.key = ${runTag.parent})`;
  const imported = sql
    .selectFrom('imported')
    .select('local_id')
    .where('source', '=', source)
    .where('kind', '=', 'run')
    .where('state', '<>', 'skipped');
  return sql
    .updateTable('runs')
    .set({ parent_id: parent })
    .where('id', 'in', imported)
    .where(raw<SqlBool>`${parent} is not null and parent_id is distinct from ${parent}`);
}
