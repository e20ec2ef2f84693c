import { importedKinds, type ImportedKind } from '../../tracking/import-store.ts';
import type { Facts, LeftOut } from './left-out.ts';
import type { Session } from './session.ts';

/** How many of a kind came over. */
export interface KindCount {
  /** Not here before. */
  readonly new: number;
  /** Here from an earlier import, and brought up to date. */
  readonly updated: number;
}

export interface ImportReport {
  readonly source: string;
  /** Which import of this source it is, from 1. */
  readonly import: number;
  /** Whether it went on with one that had been stopped; the counts are of both together. */
  readonly isResumed: boolean;
  readonly milliseconds: number;
  readonly brought: Readonly<Record<ImportedKind, KindCount>>;
  /** What came with them: 'param', 'tag', 'metric point', 'dataset input', 'alias', 'file', 'byte'. */
  readonly counts: Readonly<Record<string, number>>;
  /** Thing by thing what did not come over, or not as it was. */
  readonly left: readonly LeftOut[];
}

/** Notes read at a time. */
const notesAtOnce = 500;

/** Adds up what the notes of an import say. */
export async function collectReport({
  source,
  target,
  attempt,
}: Session): Promise<Pick<ImportReport, 'brought' | 'counts' | 'left'>> {
  const counts = new Map<string, number>();
  const left: LeftOut[] = [];
  const brought = new Map<ImportedKind, { new: number; updated: number }>();
  for (const kind of importedKinds) {
    const count = { new: 0, updated: 0 };
    brought.set(kind, count);
    for (let after: string | undefined = ''; after !== undefined;) {
      const query = { source: source.name, attempt, kind, after, limit: notesAtOnce };
      const notes = await target.store.list(query);
      for (const { state, facts } of notes) {
        const { isNew, counts: own, left: gaps } = facts as Facts;
        if (state !== 'left') count[isNew ? 'new' : 'updated'] += 1;
        for (const [what, number] of Object.entries(own)) counts.set(what, (counts.get(what) ?? 0) + number);
        left.push(...gaps);
      }
      after = notes.length < notesAtOnce ? undefined : notes.at(-1)?.id;
    }
  }
  return {
    brought: Object.fromEntries(brought) as ImportReport['brought'],
    counts: Object.fromEntries(counts),
    left,
  };
}
