import type { FastifyError, FastifyReply } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';

/** Answers with the error's own status and a body that names field, value and remedy. */
export function sendError(error: unknown, reply: FastifyReply, log: Log): FastifyReply {
  const known = error instanceof PlatformError ? error : fromFastify(error);
  if (known.status >= 500 && known.code !== 'NOT_READY')
    log.error('a request failed', {
      url: reply.request.url,
      error: error instanceof Error ? error.stack : String(error),
    });
  if (known.code === 'RATE_LIMITED') void reply.header('retry-after', String(known.detail.value));
  if (known.code === 'NOT_READY') void reply.header('retry-after', '1');
  return reply.status(known.status).send({ error: known.toJSON() });
}

function fromFastify(error: unknown): PlatformError {
  const { code, message, statusCode = 500 } = error as Partial<FastifyError>;
  if (statusCode < 500 && code === 'FST_ERR_BAD_URL')
    return new PlatformError('INPUT_INVALID', {
      field: 'address',
      value: message,
      remedy: 'Percent-encode special characters as %XX.',
    });
  if (statusCode < 500)
    return new PlatformError('INPUT_INVALID', {
      field: 'body',
      value: message,
      remedy: 'Send JSON with the header content-type: application/json.',
    });
  return new PlatformError('INTERNAL', {
    field: 'request',
    value: message,
    remedy: 'This is a fault of Modelyard; the log of the server has its trace.',
  });
}
