import { runTag, type RunEntries } from './model.ts';

/** What one run may hold. Pages and clients read runs with all of it, so one run must not be able to fill a server. */
export const runLimits = {
  params: 10_000,
  tags: 10_000,
  /** Keys; a key may have any number of points. */
  metrics: 10_000,
  /** The params of a run together, and its tags together, in UTF-8. */
  bytes: 16 * 1024 * 1024,
} as const;

/** The bytes of runs that a page of a search holds; a page has one run at least. */
export const pageBytes = 16 * 1024 * 1024;

export type LimitedKind = 'params' | 'tags' | 'metrics';

export interface RunExcess {
  readonly kind: LimitedKind;
  readonly unit: 'keys' | 'bytes';
  readonly size: number;
}

/** What a run would hold of a kind. */
export interface RunSize {
  readonly kind: LimitedKind;
  readonly keys: number;
  readonly bytes: number;
}

/** The first limit that a run would exceed. */
export function excessOf(sizes: readonly RunSize[]): RunExcess | undefined {
  for (const { kind, keys, bytes } of sizes) {
    if (keys > runLimits[kind]) return { kind, unit: 'keys', size: keys };
    if (bytes > runLimits.bytes) return { kind, unit: 'bytes', size: bytes };
  }
  return undefined;
}

/** The rule that an excess breaks, as an error's remedy: 'must be at most 10,000'. */
export function limitRule({ kind, unit }: RunExcess): string {
  return unit === 'keys'
    ? `must be at most ${runLimits[kind].toLocaleString('en-US')} in one run`
    : `must have at most ${runLimits.bytes.toLocaleString('en-US')} bytes together in one run`;
}

/** The sizes of what is to be written; the last value of a key counts. */
export function sizesOf({ params = [], tags = [], metrics = [] }: RunEntries): readonly RunSize[] {
  const sizeOf = (kind: LimitedKind, entries: readonly { key: string; value?: unknown }[]): RunSize => {
    const last = new Map(entries.map(({ key, value }) => [key, typeof value === 'string' ? value : '']));
    let bytes = 0;
    for (const [key, value] of last) bytes += Buffer.byteLength(key) + Buffer.byteLength(value);
    return { kind, keys: last.size, bytes: kind === 'metrics' ? 0 : bytes };
  };
  return [sizeOf('params', params), sizeOf('tags', tags), sizeOf('metrics', metrics)].filter(
    ({ keys }) => keys > 0,
  );
}

/** The parent that entries give a run; absent where they do not. */
export function parentIn({ tags = [] }: RunEntries): string | undefined {
  return tags.findLast(({ key }) => key === runTag.parent)?.value;
}
