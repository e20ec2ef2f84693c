import { usualBadRows } from '../../../kernel/bad-rows.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { formatShare } from '../../../kernel/format-number.ts';
import type { Question } from '../choose/question.ts';
import { withBlanks } from '../conversation/flag-text.ts';
import type { SetAside } from './find-set-aside.ts';
import { formatAside, formatCauses } from './format-set-aside.ts';

/**
 * Whether more lines are set aside than usual, or than the caller allows: a model of the others could be of other data.
 * @throws PlatformError DATA_INVALID for a file most of whose lines cannot be read: it is written in another way
 * @param allowed as the caller says @default the usual share
 */
export function badRowsQuestion(
  aside: SetAside | undefined,
  allowed: number | undefined,
): Question | undefined {
  if (!aside || aside.count <= (allowed ?? usualBadRows) * aside.lines) return undefined;
  if (aside.count * 2 >= aside.lines) throw mostLines(aside);
  const share = shareWithRoom(aside.count / aside.lines);
  const limit = allowed === undefined ? '' : `, and --max-bad-rows allows ${formatShare(allowed)}`;
  return {
    about: 'badRows',
    flag: '--max-bad-rows',
    text: `Set ${formatAside(aside)} aside?`,
    reason: `${formatAside(aside)} cannot be read${limit}: ${withBlanks(formatCauses(aside)).replace(/\.$/, '')}`,
    candidates: [
      { value: 'stop', label: 'stop, to correct the file', hint: 'nothing is written', cancels: true },
      {
        value: `--max-bad-rows ${share}`,
        label: 'set them aside',
        hint: `maxBadRows: ${share} in the project`,
        adds: { maxBadRows: share },
      },
    ],
  };
}

function mostLines(aside: SetAside): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: 'the file',
    value: formatAside(aside),
    remedy: `Most of its lines cannot be read: ${withBlanks(formatCauses(aside))}`,
  });
}

/** A tenth that leaves room for as large a share of more data. */
export function shareWithRoom(share: number): number {
  return Math.min(1, Math.ceil(share * 12) / 10);
}
