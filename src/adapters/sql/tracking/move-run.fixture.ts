import type { Database } from '../database.ts';

/** Puts a run into another experiment, with no regard to what belongs to it. */
export async function moveRun(
  { sql, transaction }: Database,
  id: string,
  experimentId: string,
): Promise<void> {
  const move = sql
    .updateTable('runs')
    .set({ experiment_id: Number(experimentId) })
    .where('id', '=', id);
  await transaction(({ run }) => run([move]));
}
