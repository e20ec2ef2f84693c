import { sql as raw, type Kysely, type UpdateQueryBuilder, type UpdateResult } from 'kysely';
import type { RunOwners } from '../../../tracking/run-owners.ts';
import type { Database } from '../database.ts';
import { pipelineSource } from './run-facts.ts';
import type { Tables } from '../tables.ts';

/** The processes that run pipelines, in a SQL database. */
export function sqlRunOwners({ sql, transaction }: Database): RunOwners {
  return {
    async beat(owner, now) {
      const heard = sql
        .insertInto('run_owners')
        .values({ id: owner, heard_at: now })
        .onConflict((same) => same.column('id').doUpdateSet({ heard_at: now }));
      await transaction(({ run }) => run([heard]));
    },
    async leave(owner, now) {
      const gone = sql.deleteFrom('run_owners').where('id', '=', owner);
      await transaction(({ run }) => run([gone, killRunning(sql, now).where('owner', '=', owner)]));
    },
    killAbandoned: ({ silentSince, now }) =>
      transaction(async ({ run }) => {
        const [, { numAffectedRows }] = await run([
          sql.deleteFrom('run_owners').where('heard_at', '<', silentSince),
          killRunning(sql, now).where((row) =>
            row.or([
              // `null not in` an empty list is true in SQL.
              row.and([
                row('owner', 'is not', null),
                row('owner', 'not in', sql.selectFrom('run_owners').select('id')),
              ]),
              row.and([row('owner', 'is', null), row('started_at', '<', silentSince)]),
            ]),
          ),
        ]);
        return Number(numAffectedRows ?? 0);
      }),
  };
}

/** Kills pipeline runs that are RUNNING. The condition is that of a partial index, so no other run is read. */
export function killRunning(
  sql: Kysely<Tables>,
  now: number,
): UpdateQueryBuilder<Tables, 'runs', 'runs', UpdateResult> {
  return sql
    .updateTable('runs')
    .set({ status: 'KILLED', ended_at: now })
    .where(raw<boolean>`source_type = ${raw.lit(pipelineSource)} and status = 'RUNNING'`);
}
