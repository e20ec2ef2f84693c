import type { Clock } from '../../kernel/clock.ts';
import type { RegistryImport } from '../../registry/import-store.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { ImportedKind, ImportNote, ImportStore } from '../../tracking/import-store.ts';
import type { MlflowSource } from './source.ts';
import { type Facts, Tally } from './tally.ts';

/** Where an import writes. */
export interface ImportTarget {
  readonly store: ImportStore;
  readonly registry: RegistryImport;
  readonly artifacts: ArtifactStore;
  readonly now: Clock;
}

export interface ImportOptions {
  /** The names of the experiments to import. @default all */
  readonly experiments?: readonly string[];
  /** Whether to import files. @default true */
  readonly artifacts?: boolean;
  /** Called with a line of text as the import proceeds. */
  readonly onProgress?: (line: string) => void;
}

/** An import in progress. */
export interface Session {
  readonly source: MlflowSource;
  readonly target: ImportTarget;
  readonly attempt: number;
  /** Absent: all. */
  readonly experiments: ReadonlySet<string> | undefined;
  readonly withFiles: boolean;
  readonly onProgress: (line: string) => void;
}

/** What the import of one entity works with. */
export interface ItemContext {
  /** The note of an earlier import, or of this one before it was interrupted. */
  readonly previous: ImportNote | undefined;
  readonly tally: Tally;
  /** A note of the entity with everything tallied so far. */
  readonly note: (
    progress: Pick<ImportNote, 'localId' | 'state'> & { readonly digest?: string },
  ) => ImportNote;
  /** Notes that the entity is not imported. */
  readonly skip: (reason: string) => Promise<void>;
}

/** Imports an entity, unless this import finished or skipped it before it was interrupted. */
export async function importOnce(
  { source, target, attempt }: Session,
  { kind, id }: { readonly kind: ImportedKind; readonly id: string },
  work: (context: ItemContext) => Promise<void>,
): Promise<void> {
  const { store } = target;
  const key = { source: source.name, kind, id };
  const previous = await store.find(key);
  if (previous?.attempt === attempt && previous.state !== 'started') return;
  const tally = new Tally(id);
  const note: ItemContext['note'] = ({ localId, state, digest = previous?.digest ?? '' }) => ({
    ...key,
    localId,
    state,
    digest,
    attempt,
    facts: tally.facts(isNew(previous, attempt)),
  });
  const skip = async (reason: string): Promise<void> => {
    tally.skip(kind, reason);
    await store.note(note({ localId: '', state: 'skipped', digest: '' }));
  };
  await work({ previous, tally, note, skip });
}

/** The URI of the files of an imported run or logged model; absent where it was not imported. */
export async function importedFolder(
  { source, target }: Session,
  { kind, id }: { readonly kind: 'run' | 'logged model'; readonly id: string },
): Promise<string | undefined> {
  const note = await target.store.find({ source: source.name, kind, id });
  if (!note || note.state === 'skipped') return undefined;
  return typeof note.facts['folder'] === 'string' ? note.facts['folder'] : undefined;
}

function isNew(previous: ImportNote | undefined, attempt: number): boolean {
  if (!previous || previous.state === 'skipped') return true;
  return previous.attempt === attempt && (previous.facts as Partial<Facts>).isNew === true;
}
