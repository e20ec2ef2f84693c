import type { Change } from './change.ts';

/** MLflow's limits of one request that logs: of each kind, of all, and of its body in bytes with room for its frame. */
const most = { points: 1000, params: 100, tags: 100, all: 1000, bytes: 800_000 } as const;

/** What goes in one request, in order. */
export type Batch = readonly Change[];

/** Whether a change can go with others in a request that logs. */
export function isEntry({ kind }: Pick<Change, 'kind'>): boolean {
  return kind === 'param' || kind === 'tag' || kind === 'point' || kind === 'model-point';
}

/** Parts changes, in their order: those that one request takes together, and every other alone. */
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

/** Whether nothing is told but a deletion: the other server need not hear of what it does not know. */
export function isDeletedUnseen(changes: readonly Change[]): boolean {
  return changes.every(({ kind }) => kind === 'lifecycle') && changes.at(-1)?.value === 'deleted';
}

interface Room {
  /** @returns whether there was room for it */
  take(change: Change): boolean;
}

type Needs = Readonly<Partial<Record<keyof typeof most, number>>>;

/** What a request has room for that one change is in, however large that is. */
function roomBeside(first: Change): Room {
  const used: Record<keyof typeof most, number> = { points: 0, params: 0, tags: 0, all: 0, bytes: 0 };
  const names = Object.keys(used) as (keyof typeof most)[];
  const add = (needs: Needs): void => {
    for (const name of names) used[name] += needs[name] ?? 0;
  };
  add(needsOf(first));
  return {
    take(change) {
      const needs = needsOf(change);
      if (names.some((name) => used[name] + (needs[name] ?? 0) > most[name])) return false;
      add(needs);
      return true;
    },
  };
}

function needsOf(change: Change): Needs {
  const kind = change.kind === 'param' ? 'params' : change.kind === 'tag' ? 'tags' : 'points';
  return { [kind]: 1, all: 1, bytes: bytesOf(change) };
}

/** More than it takes as JSON, but for texts of control characters. */
function bytesOf({ key, note, value }: Change): number {
  return 160 + 2 * (Buffer.byteLength(key) + Buffer.byteLength(note) + Buffer.byteLength(value));
}
