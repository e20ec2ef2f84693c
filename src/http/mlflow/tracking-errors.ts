import { PlatformError, type ErrorCode, type ErrorDetail } from '../../kernel/errors.ts';
import { mlflowError } from './wire/errors.ts';

type Words = Partial<Record<ErrorCode, (detail: ErrorDetail) => Error>>;

const words: Words = {
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

/** What a store of experiments or runs refuses, in MLflow's words; `special` has those of one operation. */
export async function inWords<Answer>(work: Promise<Answer>, special: Words = {}): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    const say = error instanceof PlatformError ? (special[error.code] ?? words[error.code]) : undefined;
    throw say && error instanceof PlatformError ? say(error.detail) : error;
  }
}
