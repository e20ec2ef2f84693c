import { pino } from 'pino';
import type { Log } from '../../kernel/log.ts';
import { boundedOutput } from './bounded-output.ts';

/** A log of JSON lines, one for each event. A reader that stops reading does not stop the server. */
export function jsonLog(stream: NodeJS.WriteStream = process.stdout): Log {
  const output = boundedOutput(stream, (lines) => {
    const time = new Date().toISOString();
    return `${JSON.stringify({ level: 40, time, lines, msg: 'log lines were dropped: their reader was too slow' })}\n`;
  });
  const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['*.authorization'] };
  const logger = pino(options, output);
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
  };
}
