import type { AliasMoveView } from '../../api/alias-views.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { connectRecords } from '../records.ts';
import { paint, type Terminal } from '../terminal.ts';
import type { CommandContext, ExitCode } from './context.ts';

export interface AliasFlags {
  readonly server?: string;
  /** @default 'prod' */
  readonly alias?: string;
  readonly why?: string;
}

const defaultAlias = 'prod';

/** `modelyard models promote`: an alias to a version, by hand. */
export async function promoteCommand(
  { model, version }: { readonly model: string; readonly version: string },
  { server, alias = defaultAlias, why }: AliasFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const number = readVersion(version);
  await using connection = await connectRecords(context, server);
  const input = { model, alias, version: number, ...(why !== undefined && { why }) };
  return tell(model, await connection.operations.promote(input), context);
}

/** `modelyard models rollback`: an alias back to the version before. */
export async function rollbackCommand(
  model: string,
  { server, alias = defaultAlias, why }: AliasFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await using connection = await connectRecords(context, server);
  const input = { model, alias, ...(why !== undefined && { why }) };
  return tell(model, await connection.operations.rollback(input), context);
}

/** `modelyard models history`: every move of an alias. */
export async function aliasHistoryCommand(
  model: string,
  { server, alias = defaultAlias }: AliasFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { terminal, json } = context;
  await using connection = await connectRecords(context, server);
  const moves = await connection.operations.listAliasMoves({ model, alias });
  const lines = moves.map((move) => moveText(move, terminal));
  terminal.out(
    json ? JSON.stringify(moves, null, 2) : lines.join('\n') || `${model}@${alias} was never set.`,
  );
  return 0;
}

function readVersion(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new PlatformError('CONFIG_INVALID', {
    field: 'version',
    value: text,
    remedy: 'must be the number of a version; modelyard models lists them',
  });
}

function tell(model: string, move: AliasMoveView, { terminal, json }: CommandContext): ExitCode {
  const { alias, from, to } = move;
  const before = from === null ? 'it was nowhere' : `it was version ${from}`;
  terminal.out(
    json ? JSON.stringify(move, null, 2) : `${model}@${alias} is version ${to} now; ${before} before.`,
  );
  return 0;
}

/** '2026-05-01 12:30  v2 → v1  asha: rollback' */
function moveText({ from, to, by, movedAt, why }: AliasMoveView, terminal: Terminal): string {
  const named = (version: number | null): string => (version === null ? 'nothing' : `v${version}`);
  const time = new Date(movedAt).toISOString().replace('T', ' ').slice(0, 16);
  const move = paint(`${named(from)} → ${named(to)}`, 'cyan', terminal);
  return `${time}  ${move}  ${by}${why === '' ? '' : `: ${why}`}`;
}
