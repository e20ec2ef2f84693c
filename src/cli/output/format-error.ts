import { type ErrorBody, formatDetail } from '../../kernel/errors.ts';
import { paint, type Terminal } from './terminal.ts';

/** An error for a person: its message, then a line for each other fault of the same input. */
export function formatError(
  { message, detail }: Pick<ErrorBody, 'message' | 'detail'>,
  terminal: Terminal,
): string {
  const more = (detail.more ?? []).map((each) => `       ${formatDetail(each)}`);
  return [`${paint('error:', 'red', terminal)} ${message}`, ...more].join('\n');
}
