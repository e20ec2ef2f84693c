import type { Compilable, Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Transaction } from '../database.ts';
import type { Tables } from '../tables.ts';

/** The source type of runs of our pipeline: these alone end with the process that made them. */
export const pipelineSource = 'MODELYARD';

/** Where the artifacts of a run lie in its experiment's location. */
export function artifactUri(location: string, runId: string): string {
  const [, path = '', query = ''] = /^([^?]*)(.*)$/s.exec(location) ?? [];
  return `${path.replace(/\/$/, '')}/${runId}/artifacts${query}`;
}

export function runExists(sql: Kysely<Tables>, runId: string): Compilable<{ readonly id: string }> {
  return sql.selectFrom('runs').select('id').where('id', '=', runId);
}

interface RunState {
  readonly experiment_id: number;
  readonly lifecycle_stage: string;
}

export function runState(sql: Kysely<Tables>, runId: string): Compilable<RunState> {
  return sql.selectFrom('runs').select(['experiment_id', 'lifecycle_stage']).where('id', '=', runId);
}

/** @returns the run's experiment. @throws PlatformError RUN_NOT_FOUND, NOT_ACTIVE */
export function requireActive(runId: string, [row]: readonly RunState[]): number {
  if (!row) throw noRun(runId);
  if (row.lifecycle_stage !== 'active') throw notActive('run', runId);
  return row.experiment_id;
}

/** @returns the run's experiment. @throws PlatformError RUN_NOT_FOUND, NOT_ACTIVE */
export async function readActive(sql: Kysely<Tables>, { run }: Transaction, runId: string): Promise<number> {
  const [{ rows }] = await run([runState(sql, runId)]);
  return requireActive(runId, rows);
}

export function noRun(runId: string): PlatformError {
  const remedy = 'No run has this id: list the runs with: modelyard runs.';
  return new PlatformError('RUN_NOT_FOUND', { field: 'run', value: runId, remedy });
}

export function notActive(field: 'run' | 'experiment', id: string): PlatformError {
  return new PlatformError('NOT_ACTIVE', { field, value: id, remedy: 'It is deleted: restore it first.' });
}

export function wrongRun(id: string, remedy: string): PlatformError {
  return new PlatformError('INPUT_INVALID', { field: 'run', value: id, remedy });
}
