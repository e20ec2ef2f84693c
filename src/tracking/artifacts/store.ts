import type { Digest } from '../../kernel/digest.ts';
import type { ArtifactPath } from './path.ts';

/** A name in a folder of artifacts. */
export interface ArtifactEntry {
  readonly path: ArtifactPath;
  /** In bytes; absent for a folder. */
  readonly size: number | undefined;
}

export interface StoredArtifact {
  readonly path: ArtifactPath;
  /** In bytes. */
  readonly size: number;
  readonly digest: Digest;
}

/** Bytes from `start` up to and without `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** A file of one moment: what is put in its place later does not change it. */
export interface OpenArtifact extends AsyncDisposable {
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970; absent where it is not known. */
  readonly modifiedAt: number | undefined;
  /** Another one when the bytes are others. Letters, digits and '-'. */
  readonly tag: string;
  /** The bytes, once; all of them without a range. */
  read(range?: ByteRange): AsyncIterable<Uint8Array>;
}

export interface PutOptions {
  /** What the bytes must be. */
  readonly digest?: Digest;
}

export interface PartId {
  /** Names the upload; a client that knows it may write parts. */
  readonly upload: string;
  /** From 1. */
  readonly part: number;
}

export interface UploadedPart {
  /** From 1. */
  readonly part: number;
  /** What the store answered to the part. */
  readonly tag: string;
}

/** Where a part of an upload goes, or a file comes from, without us in between. */
export interface DirectAccess {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A store that hands out addresses of its own, good for a while. */
export interface DirectStore {
  /** Absent for a file that the store has not itself. @throws PlatformError ARTIFACT_NOT_FOUND */
  download(path: ArtifactPath): Promise<(DirectAccess & { readonly size: number }) | undefined>;
  /** Absent where files must come through us. */
  upload(path: ArtifactPath): Promise<DirectAccess | undefined>;
  part(path: ArtifactPath, partId: PartId): Promise<DirectAccess>;
}

/**
 * Files in folders. A file is put whole or not at all, over what was there, and is kept when `put` returns. Folders are
 * there while files are in them. Every path is refused with INPUT_INVALID where a file stands in the place of a folder
 * or the other way round.
 */
export interface ArtifactStore extends AsyncDisposable {
  /** Resolves when the store answers. @throws PlatformError NOT_READY, CONFIG_INVALID, STATE_UNWRITABLE */
  check(): Promise<void>;
  /** Takes the bytes as they come; memory does not grow with them. @throws PlatformError INPUT_INVALID for other bytes than promised */
  put(path: ArtifactPath, content: AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredArtifact>;
  /** @throws PlatformError ARTIFACT_NOT_FOUND, also for a folder */
  open(path: ArtifactPath): Promise<OpenArtifact>;
  stat(path: ArtifactPath): Promise<ArtifactEntry | undefined>;
  /** What a folder holds, in order of name; nothing for a file and for what is not there. */
  list(folder: ArtifactPath): Promise<readonly ArtifactEntry[]>;
  /** A file, or a folder with all in it; nothing happens when it is not there. @throws PlatformError INPUT_INVALID for the root */
  remove(path: ArtifactPath): Promise<void>;
  /** Begins a file that comes in parts, in any order and over restarts. @returns the upload */
  beginUpload(path: ArtifactPath): Promise<string>;
  /** Writes a part, over what was sent for it before. @throws PlatformError ARTIFACT_NOT_FOUND for an upload that is not there */
  putPart(path: ArtifactPath, partId: PartId, content: AsyncIterable<Uint8Array>): Promise<UploadedPart>;
  /**
   * Makes the file of the parts, in order of their numbers.
   * @throws PlatformError ARTIFACT_NOT_FOUND for an upload that is not there; INPUT_INVALID for a part that was not sent
   * or is another than the store has
   */
  completeUpload(path: ArtifactPath, upload: string, parts: readonly UploadedPart[]): Promise<void>;
  /** Forgets an upload and its parts; nothing happens when it is not there. */
  abortUpload(path: ArtifactPath, upload: string): Promise<void>;
  /** Absent where every byte goes through us. */
  readonly direct?: DirectStore;
}
