import { randomUUID } from 'node:crypto';
import { access, chmod, constants, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hashFile, moveFile } from '../../data/blob-files.ts';
import { blobNotFound } from '../../data/blob-errors.ts';
import type { Blob, BlobStore } from '../../data/blob-store.ts';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { type Digest, digestOf } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { ensureFolder, syncFolder, writeSynced, writing } from './durable.ts';
import { removeOlder } from './remove-older.ts';
import { writeHashed } from './write-hashed.ts';
import { systemCode } from '../../kernel/system-code.ts';

/** How long the unfinished files of a killed process stay. */
const leftoverMs = 7 * 86_400_000;

/** A blob never changes, and only its owner may read it. */
const readOnly = 0o400;

export interface FileBlobStoreOptions {
  readonly now?: Clock;
  /** What to do about a blob that is not in the folder. @default run the project again */
  readonly missing?: string | undefined;
}

/**
 * Blobs in a folder: `sha256/ab/cdef…`, read-only files. A blob whose bytes do not match its digest is moved to `damaged/`
 * when it is read, so that the next run of the project creates it again.
 * @throws PlatformError STATE_UNWRITABLE
 */
export async function openFileBlobStore(
  folder: string,
  options: FileBlobStoreOptions = {},
): Promise<BlobStore> {
  await writing(folder, () => ensureFolder(join(folder, 'tmp')));
  await removeOlder(join(folder, 'tmp'), (options.now ?? systemClock)() - leftoverMs);
  return new FileBlobStore(folder, options.missing);
}

class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #temporary: string;
  /** The stat of each file whose bytes matched its digest. */
  readonly #verified = new Map<Digest, string>();

  readonly #missing: string | undefined;

  constructor(folder: string, missing: string | undefined) {
    this.#folder = folder;
    this.#missing = missing;
    this.#temporary = join(folder, 'tmp');
  }

  async put(content: Uint8Array | string): Promise<Blob> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const blob = { digest: digestOf(bytes), size: bytes.length };
    if (await this.#isThere(blob)) return blob;
    const temporary = this.#unfinished();
    return this.#finishing(temporary, async () => {
      await writing(this.#folder, () => writeSynced(temporary, bytes));
      return this.#publish(temporary, blob);
    });
  }

  async putStream(content: AsyncIterable<Uint8Array>): Promise<Blob> {
    const temporary = this.#unfinished();
    return this.#finishing(temporary, async () => {
      const blob = await writeHashed(temporary, content);
      return (await this.#isThere(blob)) ? blob : this.#publish(temporary, blob);
    });
  }

  async putFile(path: string): Promise<Blob> {
    const temporary = this.#unfinished();
    return this.#finishing(temporary, async () => {
      await writing(this.#folder, () => moveFile(path, temporary));
      const blob = await hashFile(temporary);
      if (await this.#isThere(blob)) return blob;
      await syncFile(temporary);
      return this.#publish(temporary, blob);
    });
  }

  async has(digest: Digest): Promise<boolean> {
    return (await sizeOf(this.#path(digest))) !== undefined;
  }

  async read(digest: Digest): Promise<Uint8Array> {
    const bytes = await readBlob(this.#path(digest), digest, this.#missing);
    if (digestOf(bytes) !== digest) throw await this.#moveAside(digest);
    return bytes;
  }

  async localPath(digest: Digest): Promise<string> {
    const path = this.#path(digest);
    const state = await stateOf(path);
    if (state === undefined) throw blobNotFound(digest, this.#missing);
    if (this.#verified.get(digest) === state) return path;
    if ((await hashFile(path)).digest !== digest) throw await this.#moveAside(digest);
    this.#verified.set(digest, state);
    return path;
  }

  async check(): Promise<void> {
    await access(this.#folder, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
      const remedy = 'Mount it again, or make it writable.';
      const detail = { field: 'blob folder', value: systemCode(cause), remedy };
      throw new PlatformError('STATE_UNWRITABLE', detail, { cause });
    });
  }

  async scratch(): Promise<{ readonly path: string } & AsyncDisposable> {
    const path = join(this.#temporary, `scratch-${randomUUID()}`);
    await writing(path, () => ensureFolder(path));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#verified.clear();
  }

  #path(digest: Digest): string {
    return pathOf(this.#folder, digest);
  }

  #unfinished(): string {
    return join(this.#temporary, randomUUID());
  }

  /** A file of another length is damaged and is overwritten. */
  async #isThere({ digest, size }: Blob): Promise<boolean> {
    return (await sizeOf(this.#path(digest))) === size;
  }

  async #finishing<Value>(temporary: string, write: () => Promise<Value>): Promise<Value> {
    try {
      return await write();
    } finally {
      await rm(temporary, { force: true });
    }
  }

  #publish(temporary: string, blob: Blob): Promise<Blob> {
    const path = this.#path(blob.digest);
    return writing(this.#folder, async () => {
      await ensureFolder(dirname(path));
      await chmod(temporary, readOnly);
      await rename(temporary, path);
      await syncFolder(dirname(path));
      return blob;
    });
  }

  async #moveAside(digest: Digest): Promise<PlatformError> {
    const path = this.#path(digest);
    const aside = join(this.#folder, 'damaged', `${digest}-${randomUUID().slice(0, 8)}`);
    const isMoved = await ensureFolder(dirname(aside))
      .then(() => rename(path, aside))
      .then(
        () => true,
        () => false,
      );
    this.#verified.delete(digest);
    return damaged(
      path,
      isMoved ? `It was moved to ${aside}; run the project again to create it again.` : deleteIt,
    );
  }
}

/** Reads the blobs of a folder and changes nothing there, also where one is damaged. */
export function openBlobReader(folder: string): Pick<BlobStore, 'read'> {
  return {
    async read(digest) {
      const path = pathOf(folder, digest);
      const bytes = await readBlob(path, digest);
      if (digestOf(bytes) !== digest) throw damaged(path, deleteIt);
      return bytes;
    },
  };
}

function pathOf(folder: string, digest: Digest): string {
  return join(folder, 'sha256', digest.slice(0, 2), digest.slice(2));
}

async function readBlob(path: string, digest: Digest, missing?: string): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw systemCode(error) === 'ENOENT' ? blobNotFound(digest, missing) : error;
  });
}

const deleteIt = 'Delete the file and run the project again to create it again.';

function damaged(path: string, remedy: string): PlatformError {
  return new PlatformError('STATE_DAMAGED', {
    field: path,
    value: 'bytes that do not match its digest',
    remedy,
  });
}

async function syncFile(path: string): Promise<void> {
  await using file = await open(path, 'r+');
  await file.sync();
}

async function sizeOf(path: string): Promise<number | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts?.isFile() ? facts.size : undefined;
}

/** Changes when a file is written to or replaced. */
async function stateOf(path: string): Promise<string | undefined> {
  const facts = await stat(path).catch(() => undefined);
  return facts?.isFile() ? `${facts.ino} ${facts.size} ${facts.mtimeMs}` : undefined;
}
