import { PlatformError } from '../kernel/errors.ts';

/** @param row from 0 */
export function missingValue(view: string, column: string, row: number): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: `view ${view}, row ${row + 1}, ${column}`,
    value: null,
    remedy: 'must have a value: leave such rows out in the step that writes them',
  });
}
