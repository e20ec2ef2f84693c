import { type ErrorBody, PlatformError } from '../../../src/client/index.ts';

/** Any error as the pages show it. */
export function asErrorBody(error: Error): ErrorBody {
  if (error instanceof PlatformError) return error.toJSON();
  const detail = { field: 'page', value: error.message, remedy: 'Load the page again.' };
  return { code: 'INTERNAL', message: error.message, detail };
}
