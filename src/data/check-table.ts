import type { DuckDBConnection } from '@duckdb/node-api';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { formatCount, parseDuration } from '../kernel/units.ts';
import type { TableChecks } from '../project/tables/checks.ts';
import type { BlobStore } from './blob-store.ts';
import type { TableDataset } from './dataset.ts';
import { quoteName, quoteText } from './duckdb.ts';
import { newestValue } from './newest-value.ts';
import { parseSelect } from './sql/parse-select.ts';
import { openSandbox } from './sql/sandbox.ts';

export interface CheckedTable {
  readonly dataset: TableDataset;
  readonly checks: TableChecks;
  /** Rows of the last good version; undefined for the first. */
  readonly lastRows?: number | undefined;
  readonly blobs: BlobStore;
  /** @default systemClock */
  readonly now?: Clock;
}

/** A check that does not hold. */
export interface FailedCheck {
  /** 'unique', 'nulls.rate', 'none.a tie' */
  readonly check: string;
  /** What does not hold, with its figures: '2 keys (gameId) are in 5 rows'. */
  readonly problem: string;
  /** The first offending rows. */
  readonly rows: readonly object[];
}

const mostRows = 1000;

/** The first check that does not hold; undefined if all do. */
export async function failedCheck(table: CheckedTable): Promise<FailedCheck | undefined> {
  const { dataset, checks, blobs } = table;
  const counted = rowsFailure(table) ?? (await freshFailure(table));
  if (counted) return counted;
  if (!checks.unique && !checks.nulls && !checks.none) return undefined;
  const path = await blobs.localPath(dataset.file.digest);
  using sandbox = await openSandbox([path]);
  const { connection } = sandbox;
  await connection.run(`CREATE VIEW rows AS SELECT * FROM read_parquet(${quoteText(path)})`);
  return (
    (await uniqueFailure(checks.unique ?? [], connection)) ??
    (await nullsFailure(table, connection)) ??
    (await noneFailure(checks.none ?? {}, connection))
  );
}

function rowsFailure({ dataset: { rows }, checks, lastRows }: CheckedTable): FailedCheck | undefined {
  const { atLeast = 0, atMost = Infinity, shrink = 1 } = checks.rows ?? {};
  const fail = (rule: string, problem: string): FailedCheck => ({ check: `rows.${rule}`, problem, rows: [] });
  const count = rows === 1 ? '1 row' : `${formatCount(rows)} rows`;
  if (rows < atLeast) return fail('atLeast', `${count}, and at least ${formatCount(atLeast)} are needed`);
  if (rows > atMost) return fail('atMost', `${count}, and at most ${formatCount(atMost)} are allowed`);
  if (lastRows === undefined || rows >= lastRows * (1 - shrink)) return undefined;
  const gone = percent((lastRows - rows) / lastRows);
  return fail(
    'shrink',
    `${count}, ${gone} fewer than the ${formatCount(lastRows)} of the last version; at most ${percent(shrink)} may be gone`,
  );
}

/** Also for a table that was not written again: it grows old by itself. */
export async function freshFailure({
  dataset,
  checks: { fresh },
  blobs,
  now = systemClock,
}: CheckedTable): Promise<FailedCheck | undefined> {
  if (!fresh) return undefined;
  const within = parseDuration(fresh.within, 'checks.fresh.within');
  const newest = await newestValue(dataset, fresh.by, blobs);
  const age = newest === undefined ? Infinity : now() - Date.parse(newest);
  if (age <= within) return undefined;
  const problem =
    newest === undefined
      ? `no value of ${fresh.by}, and the newest may be ${fresh.within} old`
      : `the newest ${fresh.by} is ${newest}, ${formatAge(age)} ago; at most ${fresh.within} is allowed`;
  return { check: 'fresh', problem, rows: newest === undefined ? [] : [{ [fresh.by]: newest }] };
}

async function uniqueFailure(
  columns: readonly string[],
  connection: DuckDBConnection,
): Promise<FailedCheck | undefined> {
  if (columns.length === 0) return undefined;
  const keys = columns.map(quoteName).join(', ');
  const repeated = `SELECT ${keys}, count(*) AS n FROM rows GROUP BY ${keys} HAVING count(*) > 1`;
  const [found] = await objects(`SELECT count(*) AS keys, sum(n) AS rows FROM (${repeated})`, connection);
  if (!found || Number(found['keys']) === 0) return undefined;
  const rows = await objects(
    `SELECT * FROM rows QUALIFY count(*) OVER (PARTITION BY ${keys}) > 1 ORDER BY ${keys} LIMIT ${mostRows}`,
    connection,
  );
  const count = Number(found['keys']);
  const problem = `${count === 1 ? '1 value' : `${formatCount(count)} values`} of ${columns.join(', ')} ${count === 1 ? 'repeats' : 'repeat'}, in ${formatCount(Number(found['rows']))} rows: leave out the rows that are too many, or remove the check \`unique\``;
  return { check: 'unique', problem, rows };
}

async function nullsFailure(
  { dataset, checks }: CheckedTable,
  connection: DuckDBConnection,
): Promise<FailedCheck | undefined> {
  for (const [column, limit] of Object.entries(checks.nulls ?? {})) {
    const nulls = dataset.profile[column]?.nulls ?? 0;
    if (nulls <= limit * dataset.rows) continue;
    const problem = `${formatCount(nulls)} of ${formatCount(dataset.rows)} values of ${column} are missing (${percent(nulls / dataset.rows)}); at most ${percent(limit)} may be`;
    const rows = await objects(
      `SELECT * FROM rows WHERE ${quoteName(column)} IS NULL LIMIT ${mostRows}`,
      connection,
    );
    return { check: `nulls.${column}`, problem, rows };
  }
  return undefined;
}

async function noneFailure(
  none: Readonly<Record<string, string>>,
  connection: DuckDBConnection,
): Promise<FailedCheck | undefined> {
  for (const [name, select] of Object.entries(none)) {
    const { text } = await parseSelect(select, connection);
    const [found] = await objects(`SELECT count(*) AS n FROM (${text})`, connection);
    const count = Number(found?.['n'] ?? 0);
    if (count === 0) continue;
    const problem = `${formatCount(count)} ${count === 1 ? 'row' : 'rows'} where none may be`;
    return {
      check: `none.${name}`,
      problem,
      rows: await objects(`SELECT * FROM (${text}) LIMIT ${mostRows}`, connection),
    };
  }
  return undefined;
}

async function objects(
  select: string,
  connection: DuckDBConnection,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await connection.runAndReadAll(select)).getRowObjectsJson();
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(3))}%`;
}

function formatAge(ms: number): string {
  const hours = ms / 3_600_000;
  return hours < 48 ? `${Math.round(hours)} hours` : `${Math.round(hours / 24)} days`;
}
