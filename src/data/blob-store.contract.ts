import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import type { BlobStore } from './blob-store.ts';

const text = 'six runs over long on';
const bytes = new TextEncoder().encode(text);

async function* inPieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  const piece = Math.max(7, Math.ceil(content.length / 50));
  for (let start = 0; start < content.length; start += piece) yield content.subarray(start, start + piece);
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield bytes;
  throw new Error('the line went dead');
}

/** What every blob store must do; each adapter's test is one call of this. `open` makes an empty store. */
export function blobStoreContract(label: string, open: () => Promise<BlobStore>): void {
  test(`${label}: bytes put come back under their SHA-256, from text, bytes, a stream and a file`, async () => {
    await using blobs = await open();
    const folder = await mkdtemp(join(tmpdir(), 'blob-'));
    const path = join(folder, 'six.txt');
    await writeFile(path, text);
    const expected = { digest: digestOf(text), size: bytes.length };
    expect(await blobs.putFile(path)).toEqual(expected);
    expect(await readdir(folder)).toEqual([]);
    expect(await blobs.put(text)).toEqual(expected);
    expect(await blobs.put(bytes)).toEqual(expected);
    expect(await blobs.putStream(inPieces(bytes))).toEqual(expected);
    expect(new TextDecoder().decode(await blobs.read(expected.digest))).toBe(text);
    expect(await readFile(await blobs.localPath(expected.digest), 'utf8')).toBe(text);
    await rm(folder, { recursive: true });
  });

  test(`${label}: nothing and a megabyte are blobs as well`, async () => {
    await using blobs = await open();
    const large = new Uint8Array(1_000_000).map((_, position) => position % 251);
    for (const content of [new Uint8Array(), large]) {
      const { digest, size } = await blobs.putStream(inPieces(content));
      expect(size).toBe(content.length);
      expect(Buffer.compare(await blobs.read(digest), content)).toBe(0);
    }
  });

  test(`${label}: what was not put is not there`, async () => {
    await using blobs = await open();
    const digest = digestOf('never put');
    expect(await blobs.has(digest)).toBe(false);
    await expect(blobs.read(digest)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
    await expect(blobs.localPath(digest)).rejects.toMatchObject({ code: 'BLOB_NOT_FOUND' });
    await blobs.put('never put');
    expect(await blobs.has(digest)).toBe(true);
  });

  test(`${label}: the same bytes can be put many times at once`, async () => {
    await using blobs = await open();
    const puts = Array.from({ length: 20 }, (_, turn) =>
      turn % 2 === 0 ? blobs.put(bytes) : blobs.putStream(inPieces(bytes)),
    );
    const digests = new Set((await Promise.all(puts)).map((blob) => blob.digest));
    expect([...digests]).toEqual([digestOf(text)]);
    expect(new TextDecoder().decode(await blobs.read(digestOf(text)))).toBe(text);
  });

  test(`${label}: a stream that fails leaves no blob`, async () => {
    await using blobs = await open();
    await expect(blobs.putStream(failing())).rejects.toThrow('the line went dead');
    expect(await blobs.has(digestOf(text))).toBe(false);
  });

  test(`${label}: scratch folders are empty, apart from each other, and gone when disposed of`, async () => {
    await using blobs = await open();
    const first = await blobs.scratch();
    const second = await blobs.scratch();
    expect(first.path).not.toBe(second.path);
    expect(await readdir(first.path)).toEqual([]);
    await writeFile(join(first.path, 'half.parquet'), 'PAR1');
    await first[Symbol.asyncDispose]();
    await expect(stat(first.path)).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await stat(second.path)).isDirectory()).toBe(true);
    await second[Symbol.asyncDispose]();
  });

  test(`${label}: a file made in a scratch folder becomes a blob`, async () => {
    await using blobs = await open();
    await using scratch = await blobs.scratch();
    await writeFile(join(scratch.path, 'rows'), text);
    expect((await blobs.putFile(join(scratch.path, 'rows'))).digest).toBe(digestOf(text));
    expect(new TextDecoder().decode(await blobs.read(digestOf(text)))).toBe(text);
  });
}
