import { PlatformError } from '../../kernel/errors.ts';
import { formatBytes } from '../../kernel/units.ts';
import { artifactPath, type ArtifactPath, rootPath } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { type Batch, type BatchId, isBatchId } from './batch.ts';

/** The files of batches: each has a folder with its input and the parts of its output. */
export interface BatchFiles {
  /**
   * Stores the file of a batch as it arrives.
   * @returns its bytes
   * @throws PlatformError BODY_TOO_LARGE as soon as it is too large, STATE_UNWRITABLE; what `full` makes beyond its room
   */
  putInput(id: BatchId, content: AsyncIterable<Uint8Array>, most?: InputRoom): Promise<number>;
  readInput(id: BatchId): AsyncIterable<Uint8Array>;
  /** On disk when it returns. No other attempt overwrites it. */
  putPart(id: BatchId, part: OutputPart, content: Uint8Array): Promise<void>;
  /** The parts of the output so far, in their order. */
  readOutput(batch: Pick<Batch, 'id' | 'parts' | 'writers'>): AsyncIterable<Uint8Array>;
  /** The batches that have files. */
  stored(): Promise<readonly BatchId[]>;
  /** When the first file of a batch was stored; undefined without files, and where it is not known. */
  storedAt(id: BatchId): Promise<number | undefined>;
  remove(id: BatchId): Promise<void>;
}

/** What is left of a limit that several files share. */
interface InputRoom {
  readonly bytes: number;
  readonly full: () => PlatformError;
}

export interface OutputPart {
  /** From 0. */
  readonly part: number;
  /** The attempt that writes it; absent in a release that had no name for it. */
  readonly attempt: string | undefined;
}

/** Largest file of a batch as it is sent, in bytes. */
const largestInput = 500_000_000;

/** @param largest bytes of a file @default 500 MB */
export function openBatchFiles(
  store: Pick<ArtifactStore, 'put' | 'open' | 'list' | 'remove'>,
  largest = largestInput,
): BatchFiles {
  return {
    async putInput(id, content, room) {
      return (await store.put(inputPath(id), limited(content, { largest, room }))).size;
    },
    readInput: (id) => contentOf(store, inputPath(id)),
    async putPart(id, part, content) {
      await store.put(partPath(id, part), once(content));
    },
    async *readOutput({ id, parts, writers }) {
      for (let part = 0; part < parts; part++) {
        const attempt = writers.findLast(({ from }) => from <= part)?.attempt;
        yield* contentOf(store, partPath(id, { part, attempt }));
      }
    },
    async stored() {
      return (await store.list(rootPath)).flatMap(({ path }) => (isBatchId(path) ? [path] : []));
    },
    async storedAt(id) {
      const [first] = await store.list(artifactPath(id));
      if (!first) return undefined;
      await using file = await store.open(first.path);
      return file.modifiedAt;
    },
    remove: (id) => store.remove(artifactPath(id)),
  };
}

function inputPath(id: BatchId): ArtifactPath {
  return artifactPath(`${id}/input`);
}

function partPath(id: BatchId, { part, attempt }: OutputPart): ArtifactPath {
  const name = ['output', String(part).padStart(6, '0'), ...(attempt === undefined ? [] : [attempt])].join(
    '-',
  );
  return artifactPath(`${id}/${name}.csv`);
}

async function* contentOf(
  store: Pick<ArtifactStore, 'open'>,
  path: ArtifactPath,
): AsyncGenerator<Uint8Array> {
  await using file = await store.open(path);
  yield* file.read();
}

async function* once(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}

async function* limited(
  content: AsyncIterable<Uint8Array>,
  { largest, room }: { readonly largest: number; readonly room: InputRoom | undefined },
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > largest) throw tooLarge(largest);
    if (room && size > room.bytes) throw room.full();
    yield piece;
  }
}

function tooLarge(largest: number): PlatformError {
  return new PlatformError('BODY_TOO_LARGE', {
    field: 'file',
    value: 'more',
    remedy: `must have at most ${formatBytes(largest)}: split it, and repeat the header in each part`,
  });
}
