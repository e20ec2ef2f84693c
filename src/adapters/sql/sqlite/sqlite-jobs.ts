import type {
  SqliteFailure,
  SqliteJob,
  SqliteOutcome,
  SqliteResult,
  SqliteStatement,
} from './sqlite-messages.ts';

/** The connection that writes jobs. */
export interface JobConnection {
  readonly run: (statement: SqliteStatement) => SqliteResult;
  readonly inTransaction: () => boolean;
  readonly failureOf: (error: unknown) => SqliteFailure;
}

/**
 * Writes jobs with one commit, and so with one wait for the disk. A job that fails, or whose conditions do not hold,
 * writes nothing and does not affect the others. If SQLite rolls back the whole transaction, for example on a full disk,
 * each job is committed separately, so that none fails because of another.
 * @throws SQLite's error if the transaction cannot begin
 */
export function writeJobs(connection: JobConnection, jobs: readonly SqliteJob[]): readonly SqliteOutcome[] {
  const [first, ...others] = jobs;
  if (!first) return [];
  if (!others.length) return [writeAlone(connection, first)];
  perform(connection, 'begin immediate');
  try {
    const outcomes = jobs.map((job) => writeBetween(connection, job));
    perform(connection, 'commit');
    return outcomes;
  } catch {
    undo(connection);
    return jobs.map((job) => writeAlone(connection, job));
  }
}

/** Rolls back an open transaction. */
export function undo(connection: JobConnection): void {
  if (connection.inTransaction()) perform(connection, 'rollback');
}

/** @throws SQLite's error if the enclosing transaction is gone */
function writeBetween(connection: JobConnection, job: SqliteJob): SqliteOutcome {
  perform(connection, 'savepoint job');
  try {
    const outcome = attempt(connection, job);
    perform(connection, 'release job');
    return outcome;
  } catch (error) {
    if (!connection.inTransaction()) throw error;
    perform(connection, 'rollback to job');
    perform(connection, 'release job');
    return connection.failureOf(error);
  }
}

function writeAlone(connection: JobConnection, job: SqliteJob): SqliteOutcome {
  try {
    perform(connection, 'begin immediate');
    const outcome = attempt(connection, job);
    perform(connection, 'commit');
    return outcome;
  } catch (error) {
    undo(connection);
    return connection.failureOf(error);
  }
}

function attempt({ run }: JobConnection, { conditions, statements }: SqliteJob): boolean {
  const holds = conditions.every(
    (condition) => run(condition).rows.length > 0 === (condition.finds === 'rows'),
  );
  if (holds) for (const statement of statements) run(statement);
  return holds;
}

function perform({ run }: JobConnection, sql: string): void {
  run({ sql, parameters: [] });
}
