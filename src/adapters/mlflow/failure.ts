import { PlatformError, type ErrorDetail } from '../../kernel/errors.ts';

export interface MlflowFailureFacts {
  /** MLflow's error code: 'RESOURCE_DOES_NOT_EXIST'; absent where another server responded, or none. */
  readonly errorCode: string | undefined;
  /** Absent where no response came. */
  readonly httpStatus: number | undefined;
  /** Whether the same request may succeed later: no connection, a response cut short, 408, 425, 429, 5xx. */
  readonly mayPass: boolean;
  /** Milliseconds that the server asked to wait. */
  readonly after?: number | undefined;
  /** Whether the response was larger than we read. @default false */
  readonly isTooLarge?: boolean;
  /** Whether a list of the server has no end. @default false */
  readonly isEndless?: boolean;
}

/** Another MLflow server refused a request or did not respond. */
export class MlflowFailure extends PlatformError implements MlflowFailureFacts {
  readonly errorCode: string | undefined;
  readonly httpStatus: number | undefined;
  readonly mayPass: boolean;
  readonly after: number | undefined;
  readonly isTooLarge: boolean;
  readonly isEndless: boolean;

  constructor(facts: MlflowFailureFacts, detail: ErrorDetail, options?: ErrorOptions) {
    super('PEER_FAILED', detail, options);
    this.errorCode = facts.errorCode;
    this.httpStatus = facts.httpStatus;
    this.mayPass = facts.mayPass;
    this.after = facts.after;
    this.isTooLarge = facts.isTooLarge ?? false;
    this.isEndless = facts.isEndless ?? false;
  }
}

/** Whether MLflow says that the requested entity does not exist. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof MlflowFailure)) return false;
  return error.errorCode === 'RESOURCE_DOES_NOT_EXIST' || error.httpStatus === 404;
}
