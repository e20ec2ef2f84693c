import { PlatformError, type ErrorDetail } from '../../kernel/errors.ts';

export interface MlflowFailureFacts {
  /** MLflow's own code: 'RESOURCE_DOES_NOT_EXIST'; absent where something else answered, or nothing. */
  readonly errorCode: string | undefined;
  /** Absent where no answer came. */
  readonly httpStatus: number | undefined;
  /** Whether the same request may go better later: no connection, an answer cut short, 408, 425, 429, 5xx. */
  readonly mayPass: boolean;
  /** Milliseconds that the server asked to wait. */
  readonly after?: number | undefined;
}

/** What another MLflow server refused, or that it did not answer. */
export class MlflowFailure extends PlatformError implements MlflowFailureFacts {
  readonly errorCode: string | undefined;
  readonly httpStatus: number | undefined;
  readonly mayPass: boolean;
  readonly after: number | undefined;

  constructor(facts: MlflowFailureFacts, detail: ErrorDetail, options?: ErrorOptions) {
    super('PEER_FAILED', detail, options);
    this.errorCode = facts.errorCode;
    this.httpStatus = facts.httpStatus;
    this.mayPass = facts.mayPass;
    this.after = facts.after;
  }
}

/** Whether MLflow says that what was asked for is not there. */
export function isAbsent(error: unknown): boolean {
  if (!(error instanceof MlflowFailure)) return false;
  return error.errorCode === 'RESOURCE_DOES_NOT_EXIST' || error.httpStatus === 404;
}
