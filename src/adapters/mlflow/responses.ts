import type { IncomingMessage } from 'node:http';
import { systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { parseRetryAfter } from '../../sources/retry.ts';
import { MlflowFailure } from './failure.ts';
import { systemCode } from '../../kernel/system-code.ts';

const transient: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Connection errors that a retry does not fix: a bad URL, an untrusted certificate. */
const permanent = /^(ERR_INVALID_URL|ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_SSL)/;

const longestExcerpt = 300;

/** No response came, or only a part of it. An error that already explains itself, such as one of the request's body, is kept. */
export function connectionFailure(url: URL, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof PlatformError) return cause;
  const code = systemCode(cause) ?? '';
  return new MlflowFailure(
    { errorCode: undefined, httpStatus: undefined, mayPass: !permanent.test(code) },
    {
      field: addressOf(url),
      value: cause.message || code,
      remedy: 'Check that the server runs and can be reached from this machine.',
    },
    { cause },
  );
}

/** A response with an error status. */
export function failedResponse(url: URL, response: IncomingMessage, text: string): MlflowFailure {
  const { statusCode: httpStatus = 0, headers } = response;
  const { errorCode, message } = parseError(text);
  const after = parseRetryAfter(headers['retry-after'] ?? null, systemClock());
  return new MlflowFailure(
    { errorCode, httpStatus, mayPass: transient.has(httpStatus), after },
    {
      field: addressOf(url),
      value: `${httpStatus} ${errorCode ?? ''}`.trim(),
      remedy: remedyOf(httpStatus, headers.location, message),
    },
  );
}

/** A response with a good status that is not MLflow's: a sign-in page, a proxy. */
export function unexpectedResponse(url: URL, { statusCode }: IncomingMessage, text: string): MlflowFailure {
  return new MlflowFailure(
    { errorCode: undefined, httpStatus: statusCode, mayPass: false },
    {
      field: addressOf(url),
      value: text.slice(0, longestExcerpt),
      remedy: 'This is not a response of MLflow: check which server or proxy listens at this address.',
    },
  );
}

function remedyOf(status: number, location: string | undefined, message: string): string {
  if (status === 401 || status === 403)
    return 'The server requires credentials: set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.';
  if (location !== undefined && status >= 300 && status < 400)
    return `The server redirects to ${location}: use that address.`;
  return message === '' ? 'The server gave no message.' : `The server says: ${message}`;
}

function parseError(text: string): { readonly errorCode: string | undefined; readonly message: string } {
  try {
    const body = JSON.parse(text) as { readonly error_code?: unknown; readonly message?: unknown } | null;
    return {
      errorCode: typeof body?.error_code === 'string' ? body.error_code : undefined,
      message: typeof body?.message === 'string' ? body.message.slice(0, longestExcerpt) : '',
    };
  } catch {
    return { errorCode: undefined, message: '' };
  }
}

/** Without the query, which can be long. */
export function addressOf({ origin, pathname }: URL): string {
  return origin + pathname;
}
