import type { FastifyError, FastifyReply } from 'fastify';
import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';

/** Sends the error's status and a body with field, value and remedy. */
export function sendError(error: unknown, reply: FastifyReply, log: Log): FastifyReply {
  const failure =
    error instanceof PlatformError ? error : fromFastify(error, reply.request.headers['content-type']);
  if (failure.status >= 500 && failure.code !== 'NOT_READY' && failure.code !== 'MODEL_BUSY')
    log.error('a request failed', {
      url: reply.request.url,
      error: error instanceof Error ? error.stack : String(error),
    });
  if (failure.code === 'RATE_LIMITED') void reply.header('retry-after', String(failure.detail.value));
  if (failure.code === 'NOT_READY' || failure.code === 'MODEL_BUSY') void reply.header('retry-after', '1');
  return reply.status(failure.status).send({ error: failure.toJSON() });
}

function fromFastify(error: unknown, sentType: string | undefined): PlatformError {
  const { code, message, statusCode = 500 } = error as Partial<FastifyError>;
  if (statusCode < 500 && code === 'FST_ERR_BAD_URL')
    return new PlatformError('INPUT_INVALID', {
      field: 'address',
      value: message,
      remedy: 'Percent-encode special characters as %XX.',
    });
  if (statusCode === 415)
    return new PlatformError('MEDIA_TYPE_UNSUPPORTED', {
      field: 'content-type',
      value: sentType,
      remedy: "Send JSON and name its type: with curl, add -H 'content-type: application/json'.",
    });
  if (statusCode === 413)
    return new PlatformError('BODY_TOO_LARGE', {
      field: 'body',
      value: message,
      remedy: 'must be smaller: split the request',
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
    remedy: 'This is a bug of Modelyard; the server log has the stack trace.',
  });
}
