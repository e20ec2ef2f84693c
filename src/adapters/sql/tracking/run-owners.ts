import { sql as raw, type Kysely, type UpdateQueryBuilder, type UpdateResult } from 'kysely';
import type { RunOwners } from '../../../tracking/run-owners.ts';
import type { Database } from '../database.ts';
import { pipelineSource } from './run-facts.ts';
import type { Tables } from '../tables.ts';

/** Who runs what, in a SQL database. */
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
      await transaction(({ run }) => run([gone, killGoingOn(sql, now).where('owner', '=', owner)]));
    },
    killAbandoned: ({ silentSince, now }) =>
      transaction(async ({ run }) => {
        const [, { numAffectedRows }] = await run([
          sql.deleteFrom('run_owners').where('heard_at', '<', silentSince),
          killGoingOn(sql, now).where((row) =>
            row.or([
              // Nothing is not in a list that is empty: SQL takes that for true.
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

/** Kills runs of our pipeline that go on, in the words of the index that has only these: no other is looked at. */
export function killGoingOn(
  sql: Kysely<Tables>,
  now: number,
): UpdateQueryBuilder<Tables, 'runs', 'runs', UpdateResult> {
  return sql
    .updateTable('runs')
    .set({ status: 'KILLED', ended_at: now })
    .where(raw<boolean>`source_type = ${raw.lit(pipelineSource)} and status = 'RUNNING'`);
}
