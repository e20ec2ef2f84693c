import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';

type Row = Readonly<Record<string, unknown>>;

export type NextState = (state: Row, row: Row) => unknown;

export interface FoldParams {
  readonly key: string;
  readonly at: string;
  readonly start: JsonObject;
}

interface Folding {
  /** The key and the time of each row, with the state after it. */
  readonly rows: AsyncGenerator<Row>;
  /** The number of keys so far. */
  readonly keys: () => number;
}

/** Folds rows that are in order of time. @throws PlatformError DATA_INVALID for a state that is no object; errors of `next` */
export function foldRows(rows: AsyncIterable<object>, params: FoldParams, next: NextState): Folding {
  const states = new Map<unknown, Row>();
  return {
    rows: (async function* () {
      for await (const row of rows as AsyncIterable<Row>) {
        const { [params.key]: key, [params.at]: at } = row;
        const last = { [params.key]: key, [params.at]: at };
        const state = stateAfter(row, states.get(key) ?? structuredClone(params.start), { last, next });
        states.set(key, state);
        yield { ...last, ...state };
      }
    })(),
    keys: () => states.size,
  };
}

function stateAfter(
  row: Row,
  before: Row,
  { last, next }: { readonly last: Row; readonly next: NextState },
): Row {
  const after = next(before, row);
  if (typeof after === 'object' && after !== null && !('then' in after)) return after as Row;
  throw new PlatformError('DATA_INVALID', {
    field: `state after ${JSON.stringify(last)}`,
    value: after instanceof Promise ? 'a promise' : after,
    remedy: 'must be an object with the columns of the state: return it from the function of the fold',
  });
}
