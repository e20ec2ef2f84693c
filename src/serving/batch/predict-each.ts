import { type ErrorCode, formatDetail, PlatformError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { predictPrepared, prepareRows, type PreparedRow } from '../predict.ts';
import type { ServedVersion } from '../version.ts';
import type { RowOutcome } from './output.ts';

/** Errors of one row. All others are of the version, the machine or us, and end the batch. */
const rowErrors: ReadonlySet<ErrorCode> = new Set([
  'INPUT_INVALID',
  'DATA_INVALID',
  'USER_CODE_FAILED',
  'MODEL_UNSUPPORTED',
  'INTERNAL',
]);

/**
 * Predicts rows, each by itself: one that cannot be predicted gets a reason and leaves the others alone.
 * @param now the time that lookups look before if a request does not have it
 * @throws PlatformError for what no row is the reason of, such as MODEL_BUSY
 */
export async function predictEach(
  requests: readonly JsonObject[],
  served: ServedVersion,
  now: number,
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  const prepared: { readonly row: PreparedRow; readonly index: number }[] = [];
  for (const [index, request] of requests.entries()) {
    try {
      const [row] = prepareRows([{ request }], served, () => now);
      if (row) prepared.push({ row, index });
    } catch (error) {
      outcomes[index] = { reason: reasonOf(error) };
    }
  }
  const predicted = await predictTogether(
    prepared.map(({ row }) => row),
    served,
  );
  for (const [at, { index }] of prepared.entries()) outcomes[index] = predicted[at] as RowOutcome;
  return outcomes;
}

async function predictTogether(
  rows: readonly PreparedRow[],
  served: ServedVersion,
): Promise<readonly RowOutcome[]> {
  if (rows.length === 0) return [];
  try {
    return await predictPrepared(rows, served);
  } catch (error) {
    const reason = reasonOf(error);
    if (rows.length === 1) return [{ reason }];
    const outcomes: RowOutcome[] = [];
    for (const row of rows) outcomes.push(...(await predictTogether([row], served)));
    return outcomes;
  }
}

/** The most faults of a row that its reason names. */
const mostFaults = 5;

/** @throws the error, if it is not of one row */
function reasonOf(error: unknown): string {
  if (!(error instanceof PlatformError) || !rowErrors.has(error.code)) throw error;
  const { more = [], ...first } = error.detail;
  const faults = [first, ...more];
  const rest = faults.length - mostFaults;
  const named = faults.slice(0, mostFaults).map(formatDetail);
  return [...named, ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}
