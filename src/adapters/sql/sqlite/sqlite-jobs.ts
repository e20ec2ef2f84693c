import type {
  SqliteFailure,
  SqliteJob,
  SqliteOutcome,
  SqliteResult,
  SqliteStatement,
} from './sqlite-messages.ts';

/** What jobs are written over. */
export interface JobConnection {
  readonly run: (statement: SqliteStatement) => SqliteResult;
  readonly inTransaction: () => boolean;
  readonly failureOf: (error: unknown) => SqliteFailure;
}

/**
 * Writes jobs with one commit for them all, and so one wait for the disk. A job that fails, or whose conditions do not
 * hold, leaves nothing and the others as they are. Where SQLite gives up all of them, as on a full disk, each gets a
 * commit of its own, so that none fails by another's fault.
 * @throws what SQLite says when it cannot begin
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

/** Rolls back, where a transaction is open. */
export function undo(connection: JobConnection): void {
  if (connection.inTransaction()) perform(connection, 'rollback');
}

/** @throws what SQLite says when the transaction around is gone */
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
