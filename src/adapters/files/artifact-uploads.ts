import { randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import type { ArtifactPath } from '../../tracking/artifacts/path.ts';
import type { PartPlace, UploadedPart } from '../../tracking/artifacts/store.ts';
import { factsOf } from './artifact-tree.ts';
import { privateFolder, syncFolder, systemCode, writeSynced, writing } from './durable.ts';
import { writeHashed } from './write-hashed.ts';

/** More parts than S3 has. */
const mostParts = 10_000;

/** Files that come in parts: each upload is a folder with its path in 'path' and each part in a file of its number and digest. */
export class FileUploads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(path: ArtifactPath): Promise<string> {
    const upload = randomBytes(16).toString('hex');
    const folder = join(this.#folder, upload);
    await writing(folder, async () => {
      await mkdir(folder, { mode: privateFolder });
      await writeSynced(join(folder, 'path'), path);
      await syncFolder(folder);
      await syncFolder(this.#folder);
    });
    return upload;
  }

  async putPart(
    path: ArtifactPath,
    { upload, part }: PartPlace,
    content: AsyncIterable<Uint8Array>,
  ): Promise<UploadedPart> {
    const folder = await this.#folderOf(path, upload);
    if (!Number.isInteger(part) || part < 1 || part > mostParts)
      throw new PlatformError('INPUT_INVALID', {
        field: 'part',
        value: part,
        remedy: `Parts count from 1 to ${mostParts}.`,
      });
    const temporary = join(folder, randomUUID());
    try {
      const { digest } = await writeHashed(temporary, content);
      await writing(folder, async () => {
        await rename(temporary, join(folder, fileOf({ part, tag: digest })));
        await syncFolder(folder);
      });
      return { part, tag: digest };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  /** The bytes of all parts, in order. @throws PlatformError ARTIFACT_NOT_FOUND, INPUT_INVALID */
  async joined(
    path: ArtifactPath,
    upload: string,
    parts: readonly UploadedPart[],
  ): Promise<AsyncIterable<Uint8Array>> {
    const folder = await this.#folderOf(path, upload);
    const ordered = parts.toSorted((a, b) => a.part - b.part);
    const files: string[] = [];
    for (const [place, part] of ordered.entries()) {
      const file = join(folder, fileOf(part));
      const isKnown = /^[0-9a-f]{64}$/.test(part.tag) && (await factsOf(file)) !== undefined;
      if (!isKnown || part.part === ordered[place - 1]?.part)
        throw new PlatformError('INPUT_INVALID', {
          field: 'part',
          value: part.part,
          remedy:
            'Name each part once, with what was answered when it was sent; send it again where in doubt.',
        });
      files.push(file);
    }
    return contentOf(files);
  }

  async remove(upload: string): Promise<void> {
    await rm(join(this.#folder, upload), { recursive: true, force: true });
  }

  async abort(path: ArtifactPath, upload: string): Promise<void> {
    const folder = await this.#folderOf(path, upload).catch((error: unknown) => {
      if (error instanceof PlatformError && error.code === 'ARTIFACT_NOT_FOUND') return undefined;
      throw error;
    });
    if (folder !== undefined) await this.remove(upload);
  }

  /** An upload is for its path alone: its name does not open another. */
  async #folderOf(path: ArtifactPath, upload: string): Promise<string> {
    const folder = join(this.#folder, upload);
    const known = /^[0-9a-f]{32}$/.test(upload)
      ? await readFile(join(folder, 'path'), 'utf8').catch((error: unknown) => {
          if (systemCode(error) === 'ENOENT') return undefined;
          throw error;
        })
      : undefined;
    if (known === path) return folder;
    throw new PlatformError('ARTIFACT_NOT_FOUND', {
      field: 'upload',
      value: upload,
      remedy: 'There is no such upload for this path, or it is finished: begin another.',
    });
  }
}

/** A part that is sent twice with other bytes is two files: what is completed is what the caller names. */
function fileOf({ part, tag }: UploadedPart): string {
  return `${part}-${tag}`;
}

async function* contentOf(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files)
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 })) yield piece as Buffer;
}
