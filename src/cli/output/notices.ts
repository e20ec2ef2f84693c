import type { NoticeView } from '../../api/views.ts';
import { paint, type Terminal } from './terminal.ts';

/** Prints what a project declares and this version does not run. */
export function showNotices(notices: readonly NoticeView[], terminal: Terminal): void {
  if (terminal.quiet) return;
  for (const { declared, text } of notices)
    terminal.err(`${paint('note:', 'yellow', terminal)} ${declared}: ${text}\n`);
}
