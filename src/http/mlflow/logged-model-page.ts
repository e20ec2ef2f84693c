import type { WireOrder } from './logged-model-wire.ts';
import { mlflowError } from './wire/errors.ts';
import { pythonValue } from './wire/format-python.ts';
import { offsetOfToken, readToken } from './wire/page-token.ts';

/** A search of logged models. Its page token contains it, because a token is only valid for its own search. */
export interface LoggedModelSearch {
  readonly experiment_ids: readonly string[];
  readonly filter: string | undefined;
  readonly order_by: readonly WireOrder[];
  readonly datasets: readonly object[];
}

/** As in MLflow: base64 of JSON with the search and the offset. */
export function searchToken(search: LoggedModelSearch, offset: number): string {
  return Buffer.from(JSON.stringify({ ...partsOf(search), offset })).toString('base64');
}

/**
 * Where the page of a token starts: 0 without a token.
 * @throws MlflowError INVALID_PARAMETER_VALUE for a token of another search
 */
export function searchOffset(token: string | undefined, search: LoggedModelSearch): number {
  if (!token) return 0;
  // A token of this search cannot be longer; another one may be, as in the time of another filter.
  const parsed = readToken(token, 2 * searchToken(search, Number.MAX_SAFE_INTEGER).length + 1000);
  const found = (typeof parsed === 'object' ? parsed : null) as Readonly<Record<string, unknown>> | null;
  const expected = partsOf(search);
  for (const [part, name, verb] of partNames) {
    const sent = found?.[part] ?? null;
    if (JSON.stringify(sent) === JSON.stringify(expected[part])) continue;
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `${name} in the page token ${verb} not match the requested ${lower(name)}. Expected: ${pythonValue(expected[part])}. Found: ${pythonValue(sent)}`,
    );
  }
  return offsetOfToken(parsed);
}

const partNames = [
  ['experiment_ids', 'Experiment IDs', 'do'],
  ['filter_string', 'Filter string', 'does'],
  ['order_by', 'Order by', 'does'],
  ['datasets', 'Datasets', 'do'],
] as const;

function partsOf({ experiment_ids, filter, order_by, datasets }: LoggedModelSearch) {
  return {
    experiment_ids,
    filter_string: filter || null,
    order_by: order_by.length ? order_by.map(orderPart) : null,
    datasets: datasets.length ? datasets : null,
  };
}

function orderPart({ field_name, ascending = true, dataset_name, dataset_digest }: WireOrder): object {
  return {
    field_name,
    ascending,
    dataset_name: dataset_name || null,
    dataset_digest: dataset_digest || null,
  };
}

function lower(name: string): string {
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
