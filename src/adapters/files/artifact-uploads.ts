import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { fileBytes } from '../../kernel/file-bytes.ts';
import type { ArtifactPath } from '../../tracking/artifacts/path.ts';
import type { PartId, UploadedPart } from '../../tracking/artifacts/store.ts';
import { factsOf } from './artifact-tree.ts';
import { privateFolder, syncFolder, writeSynced, writing } from './durable.ts';
import { writeHashed } from './write-hashed.ts';
import { systemCode } from '../../kernel/system-code.ts';

/** The limit of S3. */
const mostParts = 10_000;

/** Multipart uploads: each is a folder with its path in 'path', and each part in a file named by its number and digest. */
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
    { upload, part }: PartId,
    content: AsyncIterable<Uint8Array>,
  ): Promise<UploadedPart> {
    const folder = await this.#folderOf(path, upload);
    if (!Number.isInteger(part) || part < 1 || part > mostParts)
      throw new PlatformError('INPUT_INVALID', {
        field: 'part',
        value: part,
        remedy: `must be a part number from 1 to ${mostParts}`,
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
    for (const [index, part] of ordered.entries()) {
      const file = join(folder, fileOf(part));
      const isKnown = /^[0-9a-f]{64}$/.test(part.tag) && (await factsOf(file)) !== undefined;
      if (!isKnown || part.part === ordered[index - 1]?.part)
        throw new PlatformError('INPUT_INVALID', {
          field: 'part',
          value: part.part,
          remedy:
            'Name each part once, with the tag that its upload returned; if in doubt, send the part again.',
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

  /** An upload belongs to one path. */
  async #folderOf(path: ArtifactPath, upload: string): Promise<string> {
    const folder = join(this.#folder, upload);
    const uploadPath = /^[0-9a-f]{32}$/.test(upload)
      ? await readFile(join(folder, 'path'), 'utf8').catch((error: unknown) => {
          if (systemCode(error) === 'ENOENT') return undefined;
          throw error;
        })
      : undefined;
    if (uploadPath === path) return folder;
    throw new PlatformError('ARTIFACT_NOT_FOUND', {
      field: 'upload',
      value: upload,
      remedy: 'This path has no such upload, or it is finished: begin another.',
    });
  }
}

/** A part that is sent again with other bytes is a second file: the caller says which of them it completes. */
function fileOf({ part, tag }: UploadedPart): string {
  return `${part}-${tag}`;
}

async function* contentOf(files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const file of files) yield* fileBytes(file);
}
