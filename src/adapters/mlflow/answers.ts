import type { IncomingMessage } from 'node:http';
import { systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { parseRetryAfter } from '../../sources/retry.ts';
import { MlflowFailure } from './failure.ts';

const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Faults of a connection that another try does not mend: a wrong name, a certificate that nobody vouches for. */
const lasting = /^(ERR_INVALID_URL|ERR_TLS|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|ERR_SSL)/;

const longestShown = 300;

/** Nothing came back, or not all of it. A fault that is told already, such as one of a body's source, stays what it is. */
export function noAnswer(url: URL, cause: unknown): unknown {
  if (!(cause instanceof Error) || cause instanceof PlatformError) return cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  return new MlflowFailure(
    { errorCode: undefined, httpStatus: undefined, mayPass: !lasting.test(code) },
    {
      field: shown(url),
      value: cause.message || code,
      remedy: 'See whether the server runs and can be reached from here.',
    },
    { cause },
  );
}

/** The server said no. */
export function failedAnswer(url: URL, answer: IncomingMessage, text: string): MlflowFailure {
  const { statusCode: httpStatus = 0, headers } = answer;
  const { errorCode, message } = saidIn(text);
  const after = parseRetryAfter(headers['retry-after'] ?? null, systemClock());
  return new MlflowFailure(
    { errorCode, httpStatus, mayPass: passing.has(httpStatus), after },
    {
      field: shown(url),
      value: `${httpStatus} ${errorCode ?? ''}`.trim(),
      remedy: remedyOf(httpStatus, headers.location, message),
    },
  );
}

/** An answer with a good status that is not MLflow's: a page to sign in, a proxy. */
export function strangeAnswer(url: URL, { statusCode }: IncomingMessage, text: string): MlflowFailure {
  return new MlflowFailure(
    { errorCode: undefined, httpStatus: statusCode, mayPass: false },
    {
      field: shown(url),
      value: text.slice(0, longestShown),
      remedy: 'That is no answer of MLflow: see what else listens at this address, or stands before it.',
    },
  );
}

function remedyOf(status: number, location: string | undefined, message: string): string {
  if (status === 401 || status === 403)
    return 'It wants credentials: set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.';
  if (location !== undefined && status >= 300 && status < 400)
    return `It sends callers to ${location}: give that address.`;
  return message === '' ? 'It says nothing more.' : `It says: ${message}`;
}

function saidIn(text: string): { readonly errorCode: string | undefined; readonly message: string } {
  try {
    const body = JSON.parse(text) as { readonly error_code?: unknown; readonly message?: unknown } | null;
    return {
      errorCode: typeof body?.error_code === 'string' ? body.error_code : undefined,
      message: typeof body?.message === 'string' ? body.message.slice(0, longestShown) : '',
    };
  } catch {
    return { errorCode: undefined, message: '' };
  }
}

/** Without the query, which may be long. */
function shown({ origin, pathname }: URL): string {
  return origin + pathname;
}
