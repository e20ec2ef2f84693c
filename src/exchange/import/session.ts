import type { Clock } from '../../kernel/clock.ts';
import type { RegistryImport } from '../../registry/import-store.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { ImportedKind, ImportNote, ImportStore } from '../../tracking/import-store.ts';
import { type Facts, Tally } from './left-out.ts';
import type { MlflowSource } from './source.ts';

/** Where an import writes. */
export interface ImportTarget {
  readonly store: ImportStore;
  readonly registry: RegistryImport;
  readonly artifacts: ArtifactStore;
  readonly now: Clock;
}

export interface ImportOptions {
  /** Only experiments of these names. @default all */
  readonly experiments?: readonly string[];
  /** Whether files are brought. @default true */
  readonly artifacts?: boolean;
  /** Told where the import is, in words. */
  readonly onProgress?: (line: string) => void;
}

/** An import under way. */
export interface Session {
  readonly source: MlflowSource;
  readonly target: ImportTarget;
  readonly attempt: number;
  /** Absent: all. */
  readonly experiments: ReadonlySet<string> | undefined;
  readonly withFiles: boolean;
  readonly tell: (line: string) => void;
}

/** One thing while it is brought. */
export interface Bringing {
  /** What an earlier import noted of it, or this one before it was stopped. */
  readonly known: ImportNote | undefined;
  readonly tally: Tally;
  /** A note of it as it stands now. */
  readonly note: (now: Pick<ImportNote, 'ours' | 'state'> & { readonly digest?: string }) => ImportNote;
  /** Notes that it is not brought. */
  readonly leave: (why: string) => Promise<void>;
}

/** Brings a thing, unless this import has brought or left it before it was stopped. */
export async function bringOnce(
  { source, target, attempt }: Session,
  { kind, id }: { readonly kind: ImportedKind; readonly id: string },
  bring: (bringing: Bringing) => Promise<void>,
): Promise<void> {
  const { store } = target;
  const key = { source: source.name, kind, id };
  const known = await store.find(key);
  if (known?.attempt === attempt && known.state !== 'begun') return;
  const tally = new Tally(id);
  const note: Bringing['note'] = ({ ours, state, digest = known?.digest ?? '' }) => ({
    ...key,
    ours,
    state,
    digest,
    attempt,
    facts: tally.facts(isNew(known, attempt)),
  });
  const leave = async (why: string): Promise<void> => {
    tally.leaveAll(kind, why);
    await store.note(note({ ours: '', state: 'left', digest: '' }));
  };
  await bring({ known, tally, note, leave });
}

/** Where the files of what was brought lie; absent for what was not. */
export async function broughtFolder(
  { source, target }: Session,
  { kind, id }: { readonly kind: 'run' | 'logged model'; readonly id: string },
): Promise<string | undefined> {
  const note = await target.store.find({ source: source.name, kind, id });
  if (!note || note.state === 'left') return undefined;
  return typeof note.facts['folder'] === 'string' ? note.facts['folder'] : undefined;
}

function isNew(known: ImportNote | undefined, attempt: number): boolean {
  if (!known || known.state === 'left') return true;
  return known.attempt === attempt && (known.facts as Partial<Facts>).isNew === true;
}
