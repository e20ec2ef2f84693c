import { importedKinds, type ImportedKind } from '../../tracking/import-store.ts';
import type { Session } from './session.ts';
import type { Difference, Facts } from './tally.ts';

export interface KindCount {
  /** Created by this import. */
  readonly new: number;
  /** Imported before and updated. */
  readonly updated: number;
}

export interface ImportReport {
  readonly source: string;
  /** The number of this import of the source, from 1. */
  readonly import: number;
  /** Whether it resumed an interrupted import. The counts include that one. */
  readonly isResumed: boolean;
  readonly milliseconds: number;
  readonly imported: Readonly<Record<ImportedKind, KindCount>>;
  /** How much was imported with them: 'param', 'tag', 'metric point', 'dataset input', 'alias', 'file', 'byte'. */
  readonly counts: Readonly<Record<string, number>>;
  /** Everything that was skipped or changed. */
  readonly differences: readonly Difference[];
}

/** Notes that are read at a time. */
const notesAtOnce = 500;

/** Adds up the notes of an import. */
export async function collectReport({
  source,
  target,
  attempt,
}: Session): Promise<Pick<ImportReport, 'imported' | 'counts' | 'differences'>> {
  const counts = new Map<string, number>();
  const differences: Difference[] = [];
  const imported = new Map<ImportedKind, { new: number; updated: number }>();
  for (const kind of importedKinds) {
    const count = { new: 0, updated: 0 };
    imported.set(kind, count);
    for (let after: string | undefined = ''; after !== undefined;) {
      const query = { source: source.name, attempt, kind, after, limit: notesAtOnce };
      const notes = await target.store.list(query);
      for (const { state, facts } of notes) {
        const entity = facts as Facts;
        if (state !== 'skipped') count[entity.isNew ? 'new' : 'updated'] += 1;
        for (const [what, number] of Object.entries(entity.counts))
          counts.set(what, (counts.get(what) ?? 0) + number);
        differences.push(...entity.differences);
      }
      after = notes.length < notesAtOnce ? undefined : notes.at(-1)?.id;
    }
  }
  return {
    imported: Object.fromEntries(imported) as ImportReport['imported'],
    counts: Object.fromEntries(counts),
    differences,
  };
}
