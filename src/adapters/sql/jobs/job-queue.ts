import type { Insertable, Selectable } from 'kysely';
import { PlatformError, type ErrorBody } from '../../../kernel/errors.ts';
import type { RunId } from '../../../kernel/ids.ts';
import {
  hasEnded,
  type Job,
  type JobStatus,
  restartsByItself,
  type Trigger,
  triggerKey,
} from '../../../pipeline/job.ts';
import type { Interruption, JobQueue, NewJob } from '../../../pipeline/job-queue.ts';
import { jobsToPrune, type PrunableJob } from '../../../pipeline/prune-jobs.ts';
import type { Database } from '../database.ts';
import { fromColumn, toColumn } from '../json-column.ts';
import { writtenRow } from '../written-row.ts';
import type { JobTables } from './job-tables.ts';
import { chunksOf } from '../../../kernel/chunks.ts';

type Row = Selectable<JobTables['jobs']>;

/** Jobs in a SQL database. Transactions are serializable, so reading before writing is safe. */
export function sqlJobQueue({ sql, read, transaction }: Database): JobQueue {
  const byId = (id: string) => sql.selectFrom('jobs').selectAll().where('id', '=', id);
  return {
    enqueue: (job) =>
      transaction(async ({ run }) => {
        const key = triggerKey(job.trigger) ?? null;
        const sameKey = sql
          .selectFrom('jobs')
          .selectAll()
          .where('project', '=', job.project)
          .where('trigger_key', '=', key ?? '');
        const [{ rows: before }, { rows: sameId }] = await run([sameKey, byId(job.id)]);
        if (key !== null && before[0]) {
          if (before[0].target !== (job.target ?? null)) throw keyReused(before[0]);
          return { job: jobOf(before[0]), isNew: false };
        }
        if (sameId[0]) throw idInUse(job.id);
        if (job.mostQueued !== undefined) {
          const queued = sql.selectFrom('jobs').select('id').where('status', '=', 'queued');
          const [{ rows }] = await run([queued.where('project', '=', job.project).limit(job.mostQueued)]);
          if (rows.length === job.mostQueued) throw tooManyQueued(job.project, job.mostQueued);
        }
        const [, { rows }] = await run([sql.insertInto('jobs').values(newRow(job, key)), byId(job.id)]);
        return { job: jobOf(writtenRow(rows)), isNew: true };
      }),
    async find(id) {
      const [{ rows }] = await read([byId(id)]);
      return rows[0] && jobOf(rows[0]);
    },
    async idsWithPrefix(prefix, limit) {
      const found = sql.selectFrom('jobs').select('id').where('id', 'like', `${prefix}%`);
      const [{ rows }] = await read([found.orderBy('id').limit(limit)]);
      return rows.map(({ id }) => id as RunId);
    },
    async list({ project, statuses, limit }) {
      let query = sql.selectFrom('jobs').select(columnsOfList);
      if (project !== undefined) query = query.where('project', '=', project);
      if (statuses) query = query.where('status', 'in', statuses);
      const latest = query.orderBy('queued_at', 'desc').orderBy('id', 'desc').limit(limit);
      const [{ rows }] = await read([latest]);
      return rows.map((row) => jobOf({ ...row, outcome: null }));
    },
    claim: ({ projects, owner, now, id }) =>
      transaction(async ({ run }) => {
        if (projects.length === 0) return undefined;
        let waiting = sql
          .selectFrom('jobs')
          .select('id')
          .where('status', '=', 'queued')
          .where('project', 'in', projects)
          .where(
            'project',
            'not in',
            sql.selectFrom('jobs').select('project').where('status', '=', 'running'),
          );
        if (id !== undefined) waiting = waiting.where('id', '=', id);
        const [{ rows }] = await run([waiting.orderBy('queued_at').orderBy('id').limit(1)]);
        const [next] = rows;
        if (!next) return undefined;
        const taken = sql
          .updateTable('jobs')
          .set({ status: 'running', owner, started_at: now })
          .where('id', '=', next.id);
        const [, found] = await run([taken, byId(next.id)]);
        return jobOf(writtenRow(found.rows));
      }),
    end: (id, owner, { status, endedAt, outcome, error }) =>
      transaction(async ({ run }) => {
        const ended = sql
          .updateTable('jobs')
          .set({
            status,
            ended_at: endedAt,
            outcome: outcome === undefined ? null : toColumn(outcome),
            error: error === undefined ? null : toColumn(error),
          })
          .where('id', '=', id)
          .where('status', '=', 'running')
          .where('owner', '=', owner);
        const [{ numAffectedRows }] = await run([ended]);
        return Number(numAffectedRows ?? 0) === 1;
      }),
    cancel: (id, now) =>
      transaction(async ({ run }) => {
        const [{ rows: before }] = await run([byId(id)]);
        const job = before[0] && jobOf(before[0]);
        if (!job || hasEnded(job)) return job;
        const end = job.status === 'queued' ? { status: 'cancelled', ended_at: now } : {};
        const asked = sql
          .updateTable('jobs')
          .set({ is_cancelled: 1, ...end })
          .where('id', '=', id);
        const [, { rows }] = await run([asked, byId(id)]);
        return jobOf(writtenRow(rows));
      }),
    prune: (project, retention) =>
      transaction(async ({ run }) => {
        const listed = sql
          .selectFrom('jobs')
          .select(['id', 'status', 'trigger_key', 'resumed_by', 'ended_at'])
          .where('project', '=', project)
          .orderBy('queued_at', 'desc')
          .orderBy('id', 'desc');
        const [{ rows }] = await run([listed]);
        const { remove, strip } = jobsToPrune(rows.map(prunableJob), retention);
        for (const ids of chunksOf(remove, batchSize))
          await run([sql.deleteFrom('jobs').where('id', 'in', ids)]);
        for (const ids of chunksOf(strip, batchSize))
          await run([
            sql
              .updateTable('jobs')
              .set({ outcome: null })
              .where('id', 'in', ids)
              .where('outcome', 'is not', null),
          ]);
        return remove.length;
      }),
    interruptAbandoned: ({ owner, now, attempts, newId, isIdle = false }) =>
      transaction(async ({ run }) => {
        const abandoned = sql
          .selectFrom('jobs')
          .selectAll()
          .where('status', '=', 'running')
          .where((row) => {
            const gone = row('owner', 'not in', sql.selectFrom('run_owners').select('id'));
            const others = row.and([row('owner', '<>', owner), gone]);
            return isIdle ? row.or([others, row('owner', '=', owner)]) : others;
          })
          .orderBy('queued_at');
        const [{ rows }] = await run([abandoned]);
        const interruptions: Interruption[] = [];
        for (const row of rows) {
          const job = jobOf(row);
          const isOver = job.cancelRequested || job.attempt >= attempts || restartsByItself(job.trigger);
          const same = sql
            .selectFrom('jobs')
            .selectAll()
            .where('status', '=', 'queued')
            .where('project', '=', row.project)
            .where('target', row.target === null ? 'is' : '=', row.target)
            .limit(1);
          const [{ rows: queued }] = await run([same]);
          const next = isOver || queued[0] ? undefined : resuming(row, newId());
          const resumedBy = isOver ? undefined : (queued[0]?.id ?? next?.id);
          const status: JobStatus = job.cancelRequested ? 'cancelled' : 'interrupted';
          const ended = sql
            .updateTable('jobs')
            .set({ status, ended_at: now, resumed_by: resumedBy ?? null })
            .where('id', '=', row.id);
          await run(next ? [ended, sql.insertInto('jobs').values(next)] : [ended]);
          const [{ rows: after }] = await run([
            sql
              .selectFrom('jobs')
              .selectAll()
              .where('id', 'in', [row.id, resumedBy ?? row.id]),
          ]);
          const [interrupted, resumer] = [row.id, resumedBy].map((id) => after.find((one) => one.id === id));
          if (interrupted)
            interruptions.push({
              interrupted: jobOf(interrupted),
              ...(resumer && { resumedBy: jobOf(resumer) }),
            });
        }
        return interruptions;
      }),
  };
}

/** A statement takes so many ids. */
const batchSize = 500;

function prunableJob(
  row: Pick<Row, 'id' | 'status' | 'trigger_key' | 'resumed_by' | 'ended_at'>,
): PrunableJob {
  return {
    id: row.id as RunId,
    status: row.status as JobStatus,
    hasKey: row.trigger_key !== null,
    ...(row.resumed_by !== null && { resumedBy: row.resumed_by as RunId }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
  };
}

function newRow(job: NewJob, key: string | null): Insertable<JobTables['jobs']> {
  const { id, project, target, trigger, queuedAt } = job;
  return {
    id,
    project,
    target: target ?? null,
    trigger_kind: trigger.kind,
    trigger_detail: toColumn(trigger),
    trigger_key: key,
    status: 'queued',
    queued_at: queuedAt,
    attempt: 1,
  };
}

/** The trigger key stays with the first job, because it was requested once. */
function resuming(row: Row, id: RunId): Insertable<JobTables['jobs']> {
  const { project, target, trigger_kind, trigger_detail, queued_at, attempt } = row;
  return {
    id,
    project,
    target,
    trigger_kind,
    trigger_detail,
    trigger_key: null,
    status: 'queued',
    queued_at,
    attempt: attempt + 1,
    resumes: row.id,
  };
}

const columnsOfList = [
  'id',
  'project',
  'target',
  'trigger_kind',
  'trigger_detail',
  'trigger_key',
  'status',
  'queued_at',
  'started_at',
  'ended_at',
  'attempt',
  'resumes',
  'resumed_by',
  'is_cancelled',
  'owner',
  'error',
] as const;

function jobOf(row: Row): Job {
  return {
    id: row.id as RunId,
    project: row.project,
    ...(row.target !== null && { target: row.target }),
    trigger: fromColumn<Trigger>(row.trigger_detail),
    status: row.status as JobStatus,
    queuedAt: row.queued_at,
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    attempt: row.attempt,
    ...(row.resumes !== null && { resumes: row.resumes as RunId }),
    ...(row.resumed_by !== null && { resumedBy: row.resumed_by as RunId }),
    cancelRequested: row.is_cancelled === 1,
    ...(row.outcome !== null && { outcome: fromColumn<unknown>(row.outcome) }),
    ...(row.error !== null && { error: fromColumn<ErrorBody>(row.error) }),
  };
}

function idInUse(id: RunId): PlatformError {
  return new PlatformError('INPUT_INVALID', { field: 'id', value: id, remedy: 'is in use by another job' });
}

function tooManyQueued(project: string, most: number): PlatformError {
  const remedy = `${most} runs wait already; retry when some have finished, or cancel them`;
  return new PlatformError('RUN_IN_PROGRESS', { field: 'project', value: project, remedy });
}

function keyReused({ trigger_detail, target }: Row): PlatformError {
  const trigger = fromColumn<Trigger>(trigger_detail);
  const what = target === null ? 'all of the project' : target;
  return new PlatformError('KEY_REUSED', {
    field: 'key',
    value: trigger.kind === 'api' ? trigger.key : triggerKey(trigger),
    remedy: `is the key of a run of ${what}: send another key for another target`,
  });
}
