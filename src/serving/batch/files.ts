import { PlatformError } from '../../kernel/errors.ts';
import { formatBytes } from '../../kernel/units.ts';
import { artifactPath, type ArtifactPath } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { Batch, BatchId } from './batch.ts';

/** The files of batches: each has a folder with its input and the parts of its output. */
export interface BatchFiles {
  /** Stores the file of a batch as it arrives. @returns its bytes. @throws PlatformError BODY_TOO_LARGE, STATE_UNWRITABLE */
  putInput(id: BatchId, content: AsyncIterable<Uint8Array>): Promise<number>;
  readInput(id: BatchId): AsyncIterable<Uint8Array>;
  /** On disk when it returns. @param part from 0 */
  putPart(id: BatchId, part: number, content: Uint8Array): Promise<void>;
  /** The parts of the output so far, in their order. */
  readOutput(batch: Pick<Batch, 'id' | 'parts'>): AsyncIterable<Uint8Array>;
  remove(id: BatchId): Promise<void>;
}

/** Largest file of a batch as it is sent, in bytes. */
const largestInput = 500_000_000;

/** @param largest bytes of a file @default 500 MB */
export function openBatchFiles(
  store: Pick<ArtifactStore, 'put' | 'open' | 'remove'>,
  largest = largestInput,
): BatchFiles {
  return {
    async putInput(id, content) {
      return (await store.put(inputPath(id), limited(content, largest))).size;
    },
    readInput: (id) => contentOf(store, inputPath(id)),
    async putPart(id, part, content) {
      await store.put(partPath(id, part), once(content));
    },
    async *readOutput({ id, parts }) {
      for (let part = 0; part < parts; part++) yield* contentOf(store, partPath(id, part));
    },
    remove: (id) => store.remove(artifactPath(id)),
  };
}

function inputPath(id: BatchId): ArtifactPath {
  return artifactPath(`${id}/input`);
}

function partPath(id: BatchId, part: number): ArtifactPath {
  return artifactPath(`${id}/output-${String(part).padStart(6, '0')}.csv`);
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

async function* limited(content: AsyncIterable<Uint8Array>, largest: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const piece of content) {
    size += piece.length;
    if (size > largest) throw tooLarge(largest);
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
