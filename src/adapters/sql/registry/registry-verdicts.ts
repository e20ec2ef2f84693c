import type { Kysely, Selectable } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { NewVerdict, Verdict } from '../../../registry/model.ts';
import type { Database, Transaction } from '../database.ts';
import { fromColumn, toColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';

export async function insertVerdict(
  sql: Kysely<Tables>,
  open: Transaction,
  verdict: NewVerdict,
): Promise<Verdict> {
  const { model, version, alias, decision, facts, decidedAt } = verdict;
  const row = {
    model,
    version,
    alias,
    decision: toColumn(decision),
    facts: toColumn(facts),
    decided_at: decidedAt,
  };
  const [{ rows }] = await open.run([sql.insertInto('verdicts').values(row).returningAll()]);
  const [saved] = rows.map(verdictOf);
  if (saved) return saved;
  throw new PlatformError('INTERNAL', {
    field: 'verdict',
    value: version,
    remedy: 'The database did not return the new verdict.',
  });
}

/** The verdicts on a model, or on some of its versions; the latest first. */
export async function readVerdicts(
  { sql, read }: Database,
  model: string,
  versions: readonly number[] | undefined,
): Promise<readonly Verdict[]> {
  // PostgreSQL refuses an empty list.
  if (versions?.length === 0) return [];
  const all = sql.selectFrom('verdicts').selectAll().where('model', '=', model).orderBy('id', 'desc');
  const [{ rows }] = await read([versions ? all.where('version', 'in', versions) : all]);
  return rows.map(verdictOf);
}

function verdictOf(row: Selectable<Tables['verdicts']>): Verdict {
  return {
    id: row.id,
    model: row.model,
    version: row.version,
    alias: row.alias,
    decision: fromColumn<Verdict['decision']>(row.decision),
    facts: fromColumn<Verdict['facts']>(row.facts),
    decidedAt: row.decided_at,
  };
}
