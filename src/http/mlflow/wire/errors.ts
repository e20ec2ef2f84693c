import { type ErrorCode, PlatformError } from '../../../kernel/errors.ts';
import { SearchError } from '../../../tracking/search/ast.ts';
import type { WireObject } from './json.ts';
import { shortened } from './shorten.ts';

interface CodeFacts {
  readonly status: number;
  readonly sqlstate?: string;
  readonly errorClass?: string;
}

/** MLflow's error codes with their statuses, and the two fields that its server adds to its own errors. */
const codes = {
  INVALID_PARAMETER_VALUE: { status: 400, sqlstate: 'KAM00', errorClass: 'INVALID_PARAMETER_VALUE' },
  BAD_REQUEST: { status: 400, sqlstate: 'KAM00', errorClass: 'INVALID_PARAMETER_VALUE' },
  RESOURCE_ALREADY_EXISTS: { status: 400, sqlstate: 'KAM00', errorClass: 'RESOURCE_ALREADY_EXISTS' },
  RESOURCE_DOES_NOT_EXIST: { status: 404, sqlstate: 'KAM00', errorClass: 'RESOURCE_NOT_FOUND' },
  INVALID_STATE: { status: 500, sqlstate: 'XXM00', errorClass: 'CLIENT_INTERNAL_ERROR' },
  UNAUTHENTICATED: { status: 401 },
  PERMISSION_DENIED: { status: 403 },
  ENDPOINT_NOT_FOUND: { status: 404 },
  RESOURCE_CONFLICT: { status: 409 },
  REQUEST_LIMIT_EXCEEDED: { status: 429 },
  INTERNAL_ERROR: { status: 500 },
  DATA_LOSS: { status: 500 },
  NOT_IMPLEMENTED: { status: 501 },
  TEMPORARILY_UNAVAILABLE: { status: 503 },
  DEADLINE_EXCEEDED: { status: 504 },
} as const satisfies Record<string, CodeFacts>;

export type MlflowErrorCode = keyof typeof codes;

/** An error with MLflow's code and message. Only this folder creates one. */
export class MlflowError extends Error {
  override readonly name = 'MlflowError';
  readonly code: MlflowErrorCode;
  readonly status: number;

  constructor(code: MlflowErrorCode, message: string, { status, ...options }: MlflowErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.status = status ?? codes[code].status;
  }
}

export interface MlflowErrorOptions extends ErrorOptions {
  /** @default the status of the code */
  readonly status?: number;
}

export function mlflowError(
  code: MlflowErrorCode,
  message: string,
  options?: MlflowErrorOptions,
): MlflowError {
  return new MlflowError(code, message, options);
}

/** In characters. */
const longestMessage = 8000;

/** MLflow's error body: `{ error_code, message, sqlstate, error_class }`. */
export function errorBody(error: MlflowError): WireObject {
  const facts: CodeFacts = codes[error.code];
  return {
    error_code: error.code,
    message: shortened(error.message, longestMessage),
    sqlstate: facts.sqlstate,
    error_class: facts.errorClass,
  };
}

const codeOf: Partial<Record<ErrorCode, MlflowErrorCode>> = {
  INPUT_INVALID: 'INVALID_PARAMETER_VALUE',
  DATA_INVALID: 'INVALID_PARAMETER_VALUE',
  MODEL_UNSUPPORTED: 'INVALID_PARAMETER_VALUE',
  BODY_TOO_LARGE: 'INVALID_PARAMETER_VALUE',
  MEDIA_TYPE_UNSUPPORTED: 'BAD_REQUEST',
  CALLER_REFUSED: 'PERMISSION_DENIED',
  UNAUTHENTICATED: 'UNAUTHENTICATED',
  ROUTE_NOT_FOUND: 'ENDPOINT_NOT_FOUND',
  RUN_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  MODEL_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  VERSION_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  ARTIFACT_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  LOGGED_MODEL_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  BLOB_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  PROJECT_NOT_FOUND: 'RESOURCE_DOES_NOT_EXIST',
  VERSION_EXISTS: 'RESOURCE_ALREADY_EXISTS',
  ALIAS_MOVED: 'RESOURCE_CONFLICT',
  VERSION_HELD: 'RESOURCE_CONFLICT',
  RATE_LIMITED: 'REQUEST_LIMIT_EXCEEDED',
  NOT_READY: 'TEMPORARILY_UNAVAILABLE',
  MODEL_BUSY: 'TEMPORARILY_UNAVAILABLE',
  MODEL_TIMED_OUT: 'DEADLINE_EXCEEDED',
  STATE_DAMAGED: 'DATA_LOSS',
};

/** Errors without an MLflow code keep their status. */
const ownStatus: ReadonlySet<ErrorCode> = new Set(['MEDIA_TYPE_UNSUPPORTED', 'STATE_UNWRITABLE']);

const failed = 'The server failed. See its log for the reason.';

/** An error for MLflow's clients. An unexpected one is INTERNAL_ERROR without details. */
export function asMlflowError(error: unknown): MlflowError {
  if (error instanceof MlflowError) return error;
  if (error instanceof SearchError)
    return mlflowError('INVALID_PARAMETER_VALUE', error.reason, { cause: error });
  if (error instanceof PlatformError)
    return mlflowError(codeOf[error.code] ?? 'INTERNAL_ERROR', messageOf(error), {
      cause: error,
      ...(ownStatus.has(error.code) && { status: error.status }),
    });
  return mlflowError('INTERNAL_ERROR', failed, { cause: error });
}

/** The database's address and queries are only logged. */
function messageOf(error: PlatformError): string {
  if (error.code === 'INTERNAL') return failed;
  if (error.code === 'STATE_UNWRITABLE' || /\bdatabase$/.test(error.detail.field)) return error.detail.remedy;
  if (error.code === 'RUN_NOT_FOUND') return `Run with id=${String(error.detail.value)} not found`;
  if (error.code === 'MODEL_NOT_FOUND')
    return `Registered Model with name=${String(error.detail.value)} not found`;
  if (error.code === 'LOGGED_MODEL_NOT_FOUND')
    return `Logged model with ID '${String(error.detail.value)}' not found.`;
  return error.message;
}
