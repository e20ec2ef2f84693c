import type { Selectable } from 'kysely';
import { chunksOf } from '../../../kernel/chunks.ts';
import type { ErrorBody } from '../../../kernel/errors.ts';
import type { Batch, BatchId, BatchInput, BatchStatus } from '../../../serving/batch/batch.ts';
import { projectFull, roomFor } from '../../../serving/batch/limits.ts';
import type { BatchLimits, BatchStore } from '../../../serving/batch/store.ts';
import type { Database } from '../database.ts';
import { fromColumn, toColumn } from '../json-column.ts';
import { writtenRow } from '../written-row.ts';
import type { BatchTables } from './batch-tables.ts';

type Row = Selectable<BatchTables['batches']>;

/** Parameters of one statement. */
const idsAtOnce = 500;

/** Batches in a SQL database. Transactions are serializable, so reading before writing is safe. */
export function sqlBatchStore({ sql, read, transaction }: Database): BatchStore {
  const byId = (id: BatchId) => sql.selectFrom('batches').selectAll().where('id', '=', id);
  const usageOf = (project: string) =>
    sql
      .selectFrom('batches')
      .select(({ fn, eb }) => [
        fn.countAll<number | string>().as('batches'),
        fn.sum<number | string | null>(eb('input_bytes', '+', eb.ref('bytes'))).as('bytes'),
      ])
      .where('project', '=', project);
  return {
    create: ({ id, project, endpoint, input, sender, createdAt, expiresAt, limits }) =>
      transaction(async ({ run }) => {
        if (limits) {
          const [{ rows }] = await run([usageOf(project)]);
          if (roomFor(project, asUsage(rows), limits) < input.size) throw projectFull(project, limits);
        }
        const added = sql.insertInto('batches').values({
          id,
          project,
          endpoint,
          input: toColumn(input),
          input_bytes: input.size,
          sender: sender ?? null,
          status: 'ready',
          created_at: createdAt,
          expires_at: expiresAt,
        });
        const [, { rows }] = await run([added, byId(id)]);
        return batchOf(writtenRow(rows));
      }),
    async usage(project) {
      const [{ rows }] = await read([usageOf(project)]);
      return asUsage(rows);
    },
    async find(id) {
      const [{ rows }] = await read([byId(id)]);
      return rows[0] && batchOf(rows[0]);
    },
    async list({ project, endpoint, sender, limit }) {
      let query = sql.selectFrom('batches').selectAll().where('project', '=', project);
      if (endpoint !== undefined) query = query.where('endpoint', '=', endpoint);
      if (sender !== undefined) query = query.where('sender', '=', sender);
      const latest = query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
      const [{ rows }] = await read([latest]);
      return rows.map(batchOf);
    },
    start: (id) =>
      transaction(async ({ run }) => {
        const started = sql
          .updateTable('batches')
          .set({ status: 'queued', is_cancelled: 0, attempt: 0, owner: null, error: null, ended_at: null })
          .where('id', '=', id)
          .where('status', 'in', ['ready', 'failed', 'cancelled']);
        const [, { rows }] = await run([started, byId(id)]);
        return rows[0] && batchOf(rows[0]);
      }),
    cancel: (id, { endedAt, expiresAt }) =>
      transaction(async ({ run }) => {
        const ended = sql
          .updateTable('batches')
          .set({ status: 'cancelled', ended_at: endedAt, expires_at: expiresAt })
          .where('id', '=', id)
          .where('status', 'in', ['ready', 'queued']);
        const asked = sql
          .updateTable('batches')
          .set({ is_cancelled: 1 })
          .where('id', '=', id)
          .where('status', '=', 'running');
        const [, , { rows }] = await run([ended, asked, byId(id)]);
        return rows[0] && batchOf(rows[0]);
      }),
    claim: ({ projects, owner, now, id }) =>
      transaction(async ({ run }) => {
        if (projects.length === 0) return undefined;
        let waiting = sql
          .selectFrom('batches')
          .select(['id', 'started_at'])
          .where('project', 'in', projects)
          .where((row) =>
            row.or([
              row('status', '=', 'queued'),
              row.and([
                row('status', '=', 'running'),
                row('owner', '<>', owner),
                row('owner', 'not in', sql.selectFrom('run_owners').select('id')),
              ]),
            ]),
          );
        if (id !== undefined) waiting = waiting.where('id', '=', id);
        const [{ rows }] = await run([waiting.orderBy('created_at').orderBy('id').limit(1)]);
        const [next] = rows;
        if (!next) return undefined;
        const taken = sql
          .updateTable('batches')
          .set((row) => ({
            status: 'running',
            owner,
            started_at: next.started_at ?? now,
            attempt: row('attempt', '+', 1),
          }))
          .where('id', '=', next.id);
        const [, found] = await run([taken, byId(next.id as BatchId)]);
        return batchOf(writtenRow(found.rows));
      }),
    advance: (id, owner, { total, done, refused, parts, bytes, writers, unlike }) =>
      transaction(async ({ run }) => {
        const moved = sql
          .updateTable('batches')
          .set((row) => ({
            rows_total: total ?? null,
            rows_done: done,
            rows_refused: refused,
            parts,
            bytes,
            writers: toColumn(writers),
            unlike: toColumn(unlike),
            // New rows are done, so the next process has its full number of attempts.
            attempt: row.case().when('rows_done', '<', done).then(row.lit(1)).else(row.ref('attempt')).end(),
          }))
          .where('id', '=', id)
          .where('status', '=', 'running')
          .where('owner', '=', owner);
        const [, { rows }] = await run([moved, byId(id)]);
        const [row] = rows;
        return row?.status === 'running' && row.owner === owner && row.is_cancelled === 0;
      }),
    end: (id, owner, { status, endedAt, expiresAt, error }) =>
      transaction(async ({ run }) => {
        const ended = sql
          .updateTable('batches')
          .set({
            status,
            ended_at: endedAt,
            expires_at: expiresAt,
            error: error === undefined ? null : toColumn(error),
          })
          .where('id', '=', id)
          .where('status', '=', 'running')
          .where('owner', '=', owner);
        const [{ numAffectedRows }] = await run([ended]);
        return Number(numAffectedRows ?? 0) === 1;
      }),
    async expired(now) {
      const over = sql
        .selectFrom('batches')
        .selectAll()
        .where('expires_at', '<', now)
        .where('status', 'not in', ['queued', 'running']);
      const [{ rows }] = await read([over.orderBy('expires_at').limit(100)]);
      return rows.map(batchOf);
    },
    async removeExpired(id, now) {
      const gone = sql
        .deleteFrom('batches')
        .where('id', '=', id)
        .where('expires_at', '<', now)
        .where('status', 'not in', ['queued', 'running']);
      const [, { rows }] = await transaction(({ run }) => run([gone, byId(id)]));
      return rows.length === 0;
    },
    async unknown(ids) {
      const found = new Set<string>();
      for (const chunk of chunksOf(ids, idsAtOnce)) {
        const [{ rows }] = await read([sql.selectFrom('batches').select('id').where('id', 'in', chunk)]);
        for (const { id } of rows) found.add(id);
      }
      return ids.filter((id) => !found.has(id));
    },
  };
}

function batchOf(row: Row): Batch {
  return {
    id: row.id as BatchId,
    project: row.project,
    endpoint: row.endpoint,
    ...(row.sender !== null && { sender: row.sender }),
    input: fromColumn<BatchInput>(row.input),
    status: row.status as BatchStatus,
    createdAt: row.created_at,
    ...(row.started_at !== null && { startedAt: row.started_at }),
    ...(row.ended_at !== null && { endedAt: row.ended_at }),
    expiresAt: row.expires_at,
    ...(row.rows_total !== null && { total: row.rows_total }),
    done: row.rows_done,
    refused: row.rows_refused,
    parts: row.parts,
    bytes: row.bytes,
    writers: fromColumn<Batch['writers']>(row.writers),
    unlike: fromColumn<Batch['unlike']>(row.unlike),
    attempt: row.attempt,
    cancelRequested: row.is_cancelled === 1,
    ...(row.error !== null && { error: fromColumn<ErrorBody>(row.error) }),
  };
}

/** PostgreSQL writes sums and counts as text. */
function asUsage([row]: readonly {
  readonly batches: number | string;
  readonly bytes: number | string | null;
}[]): BatchLimits {
  return { batches: Number(row?.batches ?? 0), bytes: Number(row?.bytes ?? 0) };
}
