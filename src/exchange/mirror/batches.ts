import type { Change } from './change.ts';

/** MLflow's limits on one log-batch request: entries of each kind, of all kinds, and bytes of the body with a margin. */
const limits = { points: 1000, params: 100, tags: 100, all: 1000, bytes: 800_000 } as const;

/** The changes of one request, in order. */
export type Batch = readonly Change[];

/** Whether a change can share a log-batch request with others. */
export function isEntry({ kind }: Pick<Change, 'kind'>): boolean {
  return kind === 'param' || kind === 'tag' || kind === 'point' || kind === 'model-point';
}

/** Splits changes into requests without reordering them: entries share a request, every other change has its own. */
export function batchesOf(changes: readonly Change[]): readonly Batch[] {
  const batches: Change[][] = [];
  let open: { readonly batch: Change[]; readonly room: Room } | undefined;
  for (const change of changes) {
    if (open?.batch[0] && isEntry(open.batch[0]) && isEntry(change) && open.room.take(change)) {
      open.batch.push(change);
      continue;
    }
    open = { batch: [change], room: roomBeside(change) };
    batches.push(open.batch);
  }
  return batches;
}

interface Room {
  /** @returns whether the change fits */
  take(change: Change): boolean;
}

type Needs = Readonly<Partial<Record<keyof typeof limits, number>>>;

/** The room that is left in a request whose first change may have any size. */
function roomBeside(first: Change): Room {
  const used: Record<keyof typeof limits, number> = { points: 0, params: 0, tags: 0, all: 0, bytes: 0 };
  const names = Object.keys(used) as (keyof typeof limits)[];
  const add = (needs: Needs): void => {
    for (const name of names) used[name] += needs[name] ?? 0;
  };
  add(needsOf(first));
  return {
    take(change) {
      const needs = needsOf(change);
      if (names.some((name) => used[name] + (needs[name] ?? 0) > limits[name])) return false;
      add(needs);
      return true;
    },
  };
}

function needsOf(change: Change): Needs {
  const kind = change.kind === 'param' ? 'params' : change.kind === 'tag' ? 'tags' : 'points';
  return { [kind]: 1, all: 1, bytes: bytesOf(change) };
}

/** An upper bound of the size as JSON, except for texts of control characters. */
function bytesOf({ key, note, value }: Change): number {
  return 160 + 2 * (Buffer.byteLength(key) + Buffer.byteLength(note) + Buffer.byteLength(value));
}
