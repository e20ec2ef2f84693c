import type { AliasMoveView } from '../../api/alias-views.ts';
import { paint, type Terminal } from '../output/terminal.ts';

export const aliasOption = {
  kind: 'text',
  value: 'alias',
  help: 'which alias (default: "prod")',
} as const;
export const whyOption = { kind: 'text', value: 'text', help: 'the reason, for the history' } as const;
export const defaultAlias = 'prod';

/** 'score@prod now points to version 7 (was unset).' */
export function changeText(model: string, { alias, from, to }: AliasMoveView): string {
  const before = from === null ? 'was unset' : `was version ${from}`;
  return `${model}@${alias} now points to version ${to} (${before}).`;
}

/** '2026-05-01 12:30  v2 → v1  asha: rollback' */
export function historyLine({ from, to, by, movedAt, why }: AliasMoveView, terminal: Terminal): string {
  const named = (version: number | null): string => (version === null ? 'nothing' : `v${version}`);
  const time = new Date(movedAt).toISOString().replace('T', ' ').slice(0, 16);
  const move = paint(`${named(from)} → ${named(to)}`, 'cyan', terminal);
  return `${time}  ${move}  ${by}${why === '' ? '' : `: ${why}`}`;
}
