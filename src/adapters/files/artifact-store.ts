import { randomUUID } from 'node:crypto';
import { access, constants, readdir, realpath, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { checkDigest } from '../../tracking/artifacts/digest-check.ts';
import { artifactPath, type ArtifactPath, joinPaths, rootPath } from '../../tracking/artifacts/path.ts';
import type {
  ArtifactEntry,
  ArtifactStore,
  ByteRange,
  OpenArtifact,
  PutOptions,
  StoredArtifact,
} from '../../tracking/artifacts/store.ts';
import { factsOf, isContained, openContained, locate, wrongPath } from './artifact-tree.ts';
import { FileUploads } from './artifact-uploads.ts';
import { ensureFolder, syncFolder, writing } from './durable.ts';
import { removeOlder } from './remove-older.ts';
import { writeHashed } from './write-hashed.ts';
import { systemCode } from '../../kernel/system-code.ts';

/** How long an unfinished file stays. */
const leftoverMs = 7 * 86_400_000;

/**
 * Artifacts as files below `<folder>/files`, under their own names. A file is written beside the tree, synced and renamed
 * into the tree. Links are neither followed nor listed.
 * @throws PlatformError STATE_UNWRITABLE
 */
export async function openFileArtifactStore(
  folder: string,
  options: { readonly now?: Clock } = {},
): Promise<ArtifactStore> {
  const folders = ['files', 'tmp', 'uploads'].map((name) => join(folder, name));
  await writing(folder, async () => {
    for (const path of folders) await ensureFolder(path);
  });
  const [files = '', temporary = '', uploads = ''] = await Promise.all(folders.map((path) => realpath(path)));
  const before = (options.now ?? systemClock)() - leftoverMs;
  await Promise.all([removeOlder(temporary, before), removeOlder(uploads, before)]);
  return new FileArtifactStore(files, { temporary, uploads });
}

class FileArtifactStore implements ArtifactStore {
  readonly #root: string;
  readonly #temporary: string;
  readonly #uploads: FileUploads;

  constructor(root: string, beside: { readonly temporary: string; readonly uploads: string }) {
    this.#root = root;
    this.#temporary = beside.temporary;
    this.#uploads = new FileUploads(beside.uploads);
  }

  async check(): Promise<void> {
    await access(this.#root, constants.R_OK | constants.W_OK).catch((cause: unknown) => {
      throw new PlatformError(
        'STATE_UNWRITABLE',
        {
          field: 'artifact folder',
          value: systemCode(cause),
          remedy: 'Mount it again, or make it writable.',
        },
        { cause },
      );
    });
  }

  async put(
    path: ArtifactPath,
    content: AsyncIterable<Uint8Array>,
    { digest }: PutOptions = {},
  ): Promise<StoredArtifact> {
    await this.#checkPath(path);
    const temporary = join(this.#temporary, randomUUID());
    try {
      const written = await writeHashed(temporary, content);
      checkDigest(path, { announced: digest, stored: written.digest });
      await this.#publish(temporary, path);
      return { path, ...written };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async open(path: ArtifactPath): Promise<OpenArtifact> {
    const { file, facts } = await openContained(this.#root, path);
    return {
      size: facts.size,
      modifiedAt: facts.mtimeMs,
      tag: [facts.ino, facts.size, Math.round(facts.mtimeMs * 1000)]
        .map((part) => part.toString(36))
        .join('-'),
      read: ({ start, end }: ByteRange = { start: 0, end: facts.size }) =>
        end > start
          ? file.createReadStream({ start, end: end - 1, highWaterMark: 1 << 18, autoClose: false })
          : nothing(),
      [Symbol.asyncDispose]: () => file.close(),
    };
  }

  async stat(path: ArtifactPath): Promise<ArtifactEntry | undefined> {
    const location = locate(this.#root, path);
    const facts = await factsOf(location);
    if (!facts || !(facts.isFile() || facts.isDirectory())) return undefined;
    if (!(await isContained(this.#root, location))) return undefined;
    return { path, size: facts.isFile() ? facts.size : undefined };
  }

  async list(folder: ArtifactPath): Promise<readonly ArtifactEntry[]> {
    const entry = await this.stat(folder);
    if (!entry || entry.size !== undefined) return [];
    const names = await readdir(locate(this.#root, folder)).catch(ifGone<string[]>([]));
    const entries = await Promise.all(
      names.toSorted().map((name) => this.stat(joinPaths(folder, name as ArtifactPath))),
    );
    return entries.filter((found) => found !== undefined);
  }

  async remove(path: ArtifactPath): Promise<void> {
    if (path === rootPath) throw wrongPath(path, 'Name a file or folder: the root cannot be deleted.');
    if (!(await this.stat(path))) return;
    const location = locate(this.#root, path);
    const aside = join(this.#temporary, randomUUID());
    await writing(location, async () => {
      await rename(location, aside).catch(ifGone<void>(undefined));
      await syncFolder(dirname(location));
      await rm(aside, { recursive: true, force: true });
      await this.#removeEmptyAbove(path);
    });
  }

  async beginUpload(path: ArtifactPath): Promise<string> {
    await this.#checkPath(path);
    return this.#uploads.begin(path);
  }

  putPart: ArtifactStore['putPart'] = (path, partId, content) => this.#uploads.putPart(path, partId, content);

  completeUpload: ArtifactStore['completeUpload'] = async (path, upload, parts) => {
    await this.#checkPath(path);
    await this.put(path, await this.#uploads.joined(path, upload, parts));
    await this.#uploads.remove(upload);
  };

  abortUpload: ArtifactStore['abortUpload'] = (path, upload) => this.#uploads.abort(path, upload);

  async [Symbol.asyncDispose](): Promise<void> {}

  /** @throws PlatformError INPUT_INVALID if no file can have this path */
  async #checkPath(path: ArtifactPath): Promise<void> {
    const names = artifactPath(path).split('/');
    const [last] = names.slice(-1);
    if (!last) throw wrongPath(path, 'Give the file a name.');
    for (let count = 1; count <= names.length; count += 1) {
      const above = names.slice(0, count).join('/') as ArtifactPath;
      const facts = await factsOf(locate(this.#root, above));
      if (!facts) return;
      const fits = count < names.length ? facts.isDirectory() : facts.isFile();
      if (!fits)
        throw wrongPath(
          path,
          count < names.length ? `${above} is not a folder.` : 'This name belongs to a folder or a link.',
        );
    }
  }

  async #publish(temporary: string, path: ArtifactPath): Promise<void> {
    const target = locate(this.#root, path);
    await writing(target, async () => {
      await this.#moveInto(temporary, target, path);
      await syncFolder(dirname(target));
    });
  }

  /** Somebody may remove an empty folder between its creation and the move: then it is created again. */
  async #moveInto(temporary: string, target: string, path: ArtifactPath): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await ensureFolder(dirname(target));
        if (!(await isContained(this.#root, dirname(target))))
          throw wrongPath(path, 'A folder of this path is a link.');
        await rename(temporary, target);
        return;
      } catch (error) {
        const code = systemCode(error) ?? '';
        if (['ENOTDIR', 'EEXIST', 'EISDIR'].includes(code))
          throw wrongPath(path, 'A folder of this path is a file, or the file is a folder.');
        if (code !== 'ENOENT' || attempt === 5) throw error;
      }
    }
  }

  async #removeEmptyAbove(path: ArtifactPath): Promise<void> {
    for (let above = dirname(path); above !== '.'; above = dirname(above)) {
      const isRemoved = await rmdir(locate(this.#root, above as ArtifactPath)).then(
        () => true,
        () => false,
      );
      if (!isRemoved) return;
    }
  }
}

/** Returns `value` if the file is gone. */
function ifGone<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return value;
    throw error;
  };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
