import type { Compilable, Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { AliasMove, NewAliasMove } from '../../../registry/model.ts';
import { aliasChanged } from '../../../registry/webhooks/event.ts';
import type { Database, Transaction } from '../database.ts';
import type { Tables } from '../tables.ts';
import { aliasMoveOf } from './registry-rows.ts';
import { type HeldModel, holdModel, requireVersion } from './registry-writes.ts';
import { queueFor } from './webhook-queue.ts';

/** @throws PlatformError MODEL_NOT_FOUND, VERSION_NOT_FOUND, ALIAS_MOVED */
export async function moveAlias(
  sql: Kysely<Tables>,
  open: Transaction,
  move: NewAliasMove,
): Promise<AliasMove | undefined> {
  const { model, alias, to } = move;
  const held = await holdModel(sql, open, model);
  if (to !== undefined) await requireVersion(sql, open, { model, version: to });
  const aliases = sql.selectFrom('model_aliases').select('version').where('model', '=', model);
  const [{ rows }] = await open.run([aliases.where('alias', '=', alias)]);
  const from = rows[0]?.version;
  // The model's row is locked, so nobody can move the alias between this comparison and the write.
  if (move.from !== 'any' && move.from !== from) throw aliasMoved(move, from);
  if (from === to) return undefined;
  const applied: AliasMove = { ...move, from };
  const write =
    to === undefined
      ? sql.deleteFrom('model_aliases').where('model', '=', model).where('alias', '=', alias)
      : sql
          .insertInto('model_aliases')
          .values({ model, alias, version: to })
          .onConflict((same) => same.columns(['model', 'alias']).doUpdateSet({ version: to }));
  await open.run([write, ...aliasQueries(sql, applied, held)]);
  return applied;
}

function aliasMoved({ model, alias, from }: NewAliasMove, current: number | undefined): PlatformError {
  const expected = from === undefined ? 'unset' : `version ${from}`;
  const remedy = `The alias is no longer ${expected}: read it again, then decide.`;
  return new PlatformError('ALIAS_MOVED', { field: `${model}@${alias}`, value: current, remedy });
}

/** Adds a move to the history and queues its webhook event. */
export function aliasQueries(
  sql: Kysely<Tables>,
  move: AliasMove,
  { isPrompt }: Pick<HeldModel, 'isPrompt'>,
): readonly Compilable[] {
  const { model, alias, from, to, by, movedAt, why = '' } = move;
  return [
    sql.insertInto('alias_moves').values({
      model,
      alias,
      from_version: from ?? null,
      to_version: to ?? null,
      moved_by: by,
      moved_at: movedAt,
      why,
    }),
    queueFor(sql, aliasChanged({ model, alias, to }, isPrompt), movedAt),
  ];
}

/** The version of each alias of a model. */
export async function readAliases(
  { sql, read }: Database,
  model: string,
): Promise<Readonly<Record<string, number>>> {
  const [{ rows }] = await read([
    sql.selectFrom('model_aliases').selectAll().where('model', '=', model).orderBy('alias'),
  ]);
  return Object.fromEntries(rows.map(({ alias, version }) => [alias, version]));
}

/** The moves of an alias, the latest first. @param most @default all of them */
export async function readHistory(
  { sql, read }: Database,
  {
    model,
    alias,
    most,
  }: { readonly model: string; readonly alias: string; readonly most?: number | undefined },
): Promise<readonly AliasMove[]> {
  const ofModel = sql.selectFrom('alias_moves').selectAll().where('model', '=', model);
  const moves = ofModel.where('alias', '=', alias).orderBy('id', 'desc');
  const [{ rows }] = await read([most === undefined ? moves : moves.limit(most)]);
  return rows.map(aliasMoveOf);
}
