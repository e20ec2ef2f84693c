import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable, type Transform } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import * as zlib from 'node:zlib';
import { PlatformError } from '../kernel/errors.ts';
import type { Compression } from './packing.ts';

/**
 * The content of a compressed file; several of them one after another are one.
 * @param archive the file's name, for errors
 * @throws PlatformError SOURCE_UNREADABLE for a compression that cannot be unpacked here; an error without a code, while the
 *   content is read, for a damaged file
 */
export function decompressed(
  archive: string,
  path: string,
  compression: Compression,
): AsyncIterable<Uint8Array> {
  return expanders[compression](path, archive);
}

const expanders: Readonly<Record<Compression, (path: string, archive: string) => AsyncIterable<Uint8Array>>> =
  {
    gzip: (path) => through(path, zlib.createGunzip),
    async *xz(path) {
      // Loaded with the first such file, so that a server starts without it.
      const { default: xz } = await import('xz-decompress');
      const file = createReadStream(path);
      const compressed: ReadableStream<Uint8Array> = Readable.toWeb(file);
      const expanding = new xz.XzReadableStream(compressed as globalThis.ReadableStream<Uint8Array>);
      const content = Readable.fromWeb(expanding as ReadableStream<Uint8Array>);
      content.on('close', () => file.destroy());
      yield* content as AsyncIterable<Uint8Array>;
    },
    async *zstd(path, archive) {
      const { createZstdDecompress } = zlib as ZstdLibrary;
      const remedy = `Node ${process.versions.node} cannot unpack it: use Node 22.15+, or unpack it: unzstd FILE.`;
      if (!createZstdDecompress) throw refused(archive, 'Zstandard', remedy);
      const { size } = await stat(path);
      // It stops after the first of several frames.
      for (let start = 0; start === 0 || start < size;) {
        const frame = createZstdDecompress();
        yield* through(path, () => frame, start);
        if (frame.bytesWritten === 0) return;
        start += frame.bytesWritten;
      }
    },
    // No kept-up package reads it in a bounded memory.
    bzip2(_path, archive) {
      throw refused(archive, 'bzip2', 'Unpack it: bunzip2 FILE.');
    },
  };

/** Node has it since 22.15. */
interface ZstdLibrary {
  readonly createZstdDecompress?: () => Transform & { readonly bytesWritten: number };
}

/** Begins with the first read: a stream that fails before somebody listens ends the process. */
async function* through(path: string, expander: () => Transform, start = 0): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { start });
  const expand = expander();
  file.on('error', (cause) => expand.destroy(cause));
  expand.on('close', () => file.destroy());
  yield* file.pipe(expand) as AsyncIterable<Uint8Array>;
}

function refused(archive: string, kind: string, remedy: string): PlatformError {
  return new PlatformError('SOURCE_UNREADABLE', { field: archive, value: `compressed with ${kind}`, remedy });
}
