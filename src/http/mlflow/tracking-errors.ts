import { PlatformError, type ErrorCode, type ErrorDetail } from '../../kernel/errors.ts';
import { mlflowError } from './wire/errors.ts';

type ErrorFormats = Partial<Record<ErrorCode, (detail: ErrorDetail) => Error>>;

const formats: ErrorFormats = {
  EXPERIMENT_NOT_FOUND: ({ value }) => noExperiment(String(value)),
  EXPERIMENT_EXISTS: ({ value, remedy }) =>
    mlflowError(
      'RESOURCE_ALREADY_EXISTS',
      `Experiment(name=${String(value)}) already exists. Error: ${remedy}`,
    ),
  RUN_NOT_FOUND: ({ value }) =>
    mlflowError('RESOURCE_DOES_NOT_EXIST', `Run with id=${String(value)} not found`),
  NOT_ACTIVE: ({ field, value }) =>
    mlflowError(
      'INVALID_PARAMETER_VALUE',
      `The ${field} ${String(value)} must be in the 'active' state. Current state is deleted.`,
    ),
};

export function noExperiment(id: string): Error {
  return mlflowError('RESOURCE_DOES_NOT_EXIST', `No Experiment with id=${id} exists`);
}

/** Translates a store's error into MLflow's; `special` is for one operation. */
export async function withMlflowErrors<Result>(
  work: Promise<Result>,
  special: ErrorFormats = {},
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const format = error instanceof PlatformError ? (special[error.code] ?? formats[error.code]) : undefined;
    throw format && error instanceof PlatformError ? format(error.detail) : error;
  }
}
