import { formatRows, isRows } from './format-rows.ts';

/** Every error that a caller can meet, with its HTTP status. */
const errorTable = {
  CONFIG_INVALID: { status: 500, title: 'bad configuration' },
  CHOICE_NEEDED: { status: 422, title: 'please choose' },
  PROJECT_INVALID: { status: 422, title: 'bad project file' },
  STATE_LOCKED: { status: 409, title: 'state in use' },
  STATE_DAMAGED: { status: 500, title: 'damaged state' },
  STATE_UNWRITABLE: { status: 507, title: 'cannot write' },
  STATE_NEWER: { status: 500, title: 'state of a newer version' },
  STATE_OLDER: { status: 500, title: 'state of an older version' },
  STATE_MISSING: { status: 404, title: 'no state' },
  PORT_TAKEN: { status: 500, title: 'port in use' },
  INPUT_INVALID: { status: 400, title: 'bad input' },
  CALLER_REFUSED: { status: 403, title: 'refused' },
  UNAUTHENTICATED: { status: 401, title: 'sign in first' },
  ROUTE_NOT_FOUND: { status: 404, title: 'no such address' },
  PROJECT_NOT_FOUND: { status: 404, title: 'no such project' },
  EXPERIMENT_NOT_FOUND: { status: 404, title: 'no such experiment' },
  TASK_NOT_FOUND: { status: 404, title: 'no such task' },
  RUN_NOT_FOUND: { status: 404, title: 'no such run' },
  MODEL_NOT_FOUND: { status: 404, title: 'no such model' },
  VERSION_NOT_FOUND: { status: 404, title: 'no such version' },
  WEBHOOK_NOT_FOUND: { status: 404, title: 'no such webhook' },
  PREDICTION_NOT_FOUND: { status: 404, title: 'no such prediction' },
  BATCH_NOT_FOUND: { status: 404, title: 'no such batch' },
  BLOB_NOT_FOUND: { status: 404, title: 'no such data' },
  MODEL_EXISTS: { status: 409, title: 'model exists' },
  ARTIFACT_NOT_FOUND: { status: 404, title: 'no such artifact' },
  LOGGED_MODEL_NOT_FOUND: { status: 404, title: 'no such logged model' },
  TAG_NOT_FOUND: { status: 404, title: 'no such tag' },
  EXPERIMENT_EXISTS: { status: 409, title: 'experiment exists' },
  NOT_ACTIVE: { status: 409, title: 'deleted' },
  VERSION_EXISTS: { status: 409, title: 'version exists' },
  ALIAS_MOVED: { status: 409, title: 'alias moved meanwhile' },
  KEY_REUSED: { status: 422, title: 'key in use' },
  LIMIT_REACHED: { status: 409, title: 'limit reached' },
  RUN_IN_PROGRESS: { status: 409, title: 'already running' },
  NOT_READY: { status: 503, title: 'not ready' },
  VERSION_HELD: { status: 409, title: 'no version is live' },
  VERSION_DAMAGED: { status: 503, title: 'files of the version are lost' },
  LOG_UNWRITABLE: { status: 503, title: 'prediction not recorded' },
  PREDICTIONS_LOST: { status: 500, title: 'records of predictions were lost' },
  RATE_LIMITED: { status: 429, title: 'too many requests' },
  MEDIA_TYPE_UNSUPPORTED: { status: 415, title: 'media type not supported' },
  BODY_TOO_LARGE: { status: 413, title: 'body too large' },
  SOURCE_UNREADABLE: { status: 502, title: 'cannot read the source' },
  PEER_FAILED: { status: 502, title: 'another server failed' },
  DATA_INVALID: { status: 422, title: 'bad data' },
  FORECAST_MISSING: { status: 422, title: 'no forecast of these values' },
  SPLIT_REFUSED: { status: 422, title: 'unsafe split' },
  MODEL_UNSUPPORTED: { status: 422, title: 'model not supported' },
  USER_CODE_FAILED: { status: 500, title: 'the project code failed' },
  MODEL_BUSY: { status: 503, title: 'the model is busy' },
  MODEL_TIMED_OUT: { status: 504, title: 'the model took too long' },
  TASK_TIMED_OUT: { status: 500, title: 'task timed out' },
  STEP_FAILED: { status: 500, title: 'step failed' },
  INTERNAL: { status: 500, title: 'internal error' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof errorTable;

/** What is wrong and how to fix it. */
export interface ErrorDetail {
  readonly field: string;
  /** The value that was found; undefined if it is missing. */
  readonly value: unknown;
  /**
   * What to do, as a sentence: 'Stop the other process.' Or the rule that the field breaks, which follows its name and
   * starts with must, is or has: 'must be a whole number from 0 to 10'.
   */
  readonly remedy: string;
  /** Where in the project's files it is: 'modelyard.config.ts:14:3'. */
  readonly at?: string;
  /** More about it as a file of the run, by the digest of its bytes. */
  readonly artifact?: { readonly name: string; readonly digest: string };
  /** Other faults of the same input, so that all can be fixed at once. */
  readonly more?: readonly ErrorDetail[];
}

/** An error as sent to another process or client. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  readonly detail: ErrorDetail;
}

export class PlatformError extends Error {
  override readonly name: string = 'PlatformError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly detail: ErrorDetail;

  constructor(code: ErrorCode, detail: ErrorDetail, options?: ErrorOptions) {
    const { status, title } = errorTable[code];
    super(`${title}: ${formatDetail(detail)}`, options);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }

  toJSON(): ErrorBody {
    return { code: this.code, message: this.message, detail: sendable(this.detail) };
  }
}

const rule = /^(must|is|has) /;

/** 'wickets must be a whole number from 0 to 10 (got 11)', 'Stop the other process (port: 4310)'. */
export function formatDetail({ field, value, remedy, at }: ErrorDetail): string {
  const text = remedy.replace(/\.$/, '');
  const location = at === undefined ? '' : ` at ${at}`;
  if (!rule.test(remedy)) return `${text} (${field}: ${formatValue(value)})${location}`;
  if (value === undefined && remedy.startsWith('must be given')) return `${field} ${text}${location}`;
  return `${field} ${text} (${value === undefined ? 'missing' : `got ${formatValue(value)}`})${location}`;
}

/** The message of what was caught, which can be anything. */
export function formatCause(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Rebuilds an error from another process or server. */
export function platformError(body: ErrorBody): PlatformError {
  return new PlatformError(Object.hasOwn(errorTable, body.code) ? body.code : 'INTERNAL', body.detail);
}

/** In characters. */
const longestValue = 200;

function formatValue(value: unknown): string {
  if (value === undefined) return 'missing';
  if (typeof value === 'number') return String(value);
  if (isRows(value)) return formatRows(value);
  const text = jsonOf(value) ?? typeof value;
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}

/** The value can be anything that the project's code returned: one that JSON cannot hold is replaced by its type. */
function sendable(detail: ErrorDetail): ErrorDetail {
  const { value } = detail;
  return value === undefined || isJson(value) ? detail : { ...detail, value: nameOf(value) };
}

function jsonOf(value: unknown): string | undefined {
  return isJson(value) ? JSON.stringify(value) : nameOf(value);
}

/** '12' of a BigInt, '[object Object]' of a circular object. */
function nameOf(value: unknown): string {
  return typeof value === 'bigint' ? value.toString() : Object.prototype.toString.call(value);
}

function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
