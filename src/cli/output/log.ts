import type { Log, LogFields } from '../../kernel/log.ts';
import { paint, type Terminal } from './terminal.ts';

/** A log for people: one line each, on standard error; what is routine is left out. */
export function terminalLog(terminal: Terminal): Log {
  const line = (level: 'warning' | 'error', message: string, fields: LogFields = {}): void => {
    const colour = level === 'error' ? 'red' : 'yellow';
    const values = Object.entries(fields).map(
      ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    terminal.err(`${paint(`${level}:`, colour, terminal)} ${message}${values.join('')}\n`);
  };
  return {
    debug() {},
    info() {},
    warn: (message, fields) => line('warning', message, fields),
    error: (message, fields) => line('error', message, fields),
  };
}
