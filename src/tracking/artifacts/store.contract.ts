import { expect, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import { artifactPath, rootPath } from './path.ts';
import type { ArtifactStore, ByteRange } from './store.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytesOf(text);
}

async function* failing(): AsyncGenerator<Uint8Array> {
  yield bytesOf('half');
  throw new Error('the line went dead');
}

async function textOf(store: ArtifactStore, name: string, range?: ByteRange): Promise<string> {
  await using opened = await store.open(artifactPath(name));
  const read: Uint8Array[] = [];
  for await (const piece of opened.read(range)) read.push(piece);
  return Buffer.concat(read).toString();
}

async function put(store: ArtifactStore, name: string, ...texts: readonly string[]): Promise<void> {
  await store.put(artifactPath(name), pieces(...texts));
}

const names = async (store: ArtifactStore, folder: string): Promise<readonly string[]> =>
  (await store.list(artifactPath(folder))).map(({ path, size }) => `${path} ${size ?? 'folder'}`);

/** Opens an empty store; called again with what the first call answered it opens the same one anew. */
export type OpenArtifactStore = () => Promise<{
  readonly store: ArtifactStore;
  readonly again: () => Promise<ArtifactStore>;
}>;

/** What every artifact store must do; each adapter's test is one call of this. */
export function artifactStoreContract(label: string, open: OpenArtifactStore): void {
  files(label, open);
  folders(label, open);
  uploads(label, open);
}

function files(label: string, open: OpenArtifactStore): void {
  test(`${label}: a store that is there answers`, async () => {
    const { store } = await open();
    await using _ = store;
    await store.check();
  });

  test(`${label}: a file comes back whole and in parts, and its tag changes with its bytes`, async () => {
    const { store } = await open();
    await using _ = store;
    const path = artifactPath('1/r/artifacts/d/score.txt');
    expect(await store.put(path, pieces('four ', 'and ', 'six'))).toEqual({
      path,
      size: 12,
      digest: digestOf('four and six'),
    });
    expect(await textOf(store, path)).toBe('four and six');
    expect(await textOf(store, path, { start: 5, end: 8 })).toBe('and');
    expect(await textOf(store, path, { start: 9, end: 12 })).toBe('six');
    expect(await textOf(store, path, { start: 3, end: 3 })).toBe('');
    const tagOf = async (): Promise<string> => {
      await using opened = await store.open(path);
      expect(opened.size).toBe(12);
      expect(opened.modifiedAt).toBeGreaterThan(1_600_000_000_000);
      return opened.tag;
    };
    const before = await tagOf();
    expect(before).toMatch(/^[\w-]+$/);
    expect(await tagOf()).toBe(before);
    await put(store, path, 'FOUR AND SIX');
    expect(await textOf(store, path)).toBe('FOUR AND SIX');
    expect(await tagOf()).not.toBe(before);
  });

  test(`${label}: nothing and a megabyte are files, whatever their names`, async () => {
    const { store } = await open();
    await using _ = store;
    const large = 'x'.repeat(999_999).concat('y');
    const odd = ['नमस्ते 🏏.txt', 'a%20b', 'a+b&c=d', "it's;1", '~', 'CON', 'caf\u00e9', 'cafe\u0301'];
    for (const name of odd) await put(store, `odd/${name}`, name);
    for (const name of odd) expect(await textOf(store, `odd/${name}`)).toBe(name);
    expect(await store.list(artifactPath('odd'))).toHaveLength(odd.length);
    await put(store, 'empty');
    expect(await textOf(store, 'empty')).toBe('');
    await put(
      store,
      'large',
      ...Array.from({ length: 10 }, (_value, part) => large.slice(part * 1e5, (part + 1) * 1e5)),
    );
    expect((await textOf(store, 'large')) === large).toBe(true);
    expect(await textOf(store, 'large', { start: 999_998, end: 1_000_000 })).toBe('xy');
  });

  test(`${label}: what fails on the way, or is not what was promised, leaves what was there`, async () => {
    const { store } = await open();
    await using _ = store;
    const path = artifactPath('d/a.txt');
    await expect(store.put(path, failing())).rejects.toThrow('the line went dead');
    expect(await store.stat(path)).toBeUndefined();
    await put(store, path, 'first');
    await expect(store.put(path, failing())).rejects.toThrow('the line went dead');
    await expect(store.put(path, pieces('second'), { digest: digestOf('other') })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { value: digestOf('second') },
    });
    expect(await textOf(store, path)).toBe('first');
    await store.put(path, pieces('second'), { digest: digestOf('second') });
    expect(await textOf(store, path)).toBe('second');
  });

  test(`${label}: many writers of one file leave the whole of one of them`, async () => {
    const { store } = await open();
    await using _ = store;
    const texts = Array.from({ length: 12 }, (_value, turn) => String.fromCharCode(97 + turn).repeat(50_000));
    await Promise.all(texts.map((text) => put(store, 'd/same', text.slice(0, 20_000), text.slice(20_000))));
    expect(texts).toContain(await textOf(store, 'd/same'));
    expect(await names(store, 'd')).toEqual(['d/same 50000']);
  });

  test(`${label}: what is not there is not found, and a folder is no file`, async () => {
    const { store } = await open();
    await using _ = store;
    await put(store, 'd/a.txt', 'a');
    for (const name of ['none', 'd', 'd/none', 'd/a.txt/x', 'n'.repeat(255)])
      await expect(store.open(artifactPath(name))).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    await expect(store.open(rootPath)).rejects.toMatchObject({ code: 'ARTIFACT_NOT_FOUND' });
    expect(await store.stat(artifactPath('none'))).toBeUndefined();
    expect(await store.stat(artifactPath('d/a.txt/x'))).toBeUndefined();
  });
}

function folders(label: string, open: OpenArtifactStore): void {
  test(`${label}: a folder lists its own names, in order`, async () => {
    const { store } = await open();
    await using _ = store;
    expect(await store.list(rootPath)).toEqual([]);
    for (const name of ['b/x', 'a.txt', 'b/c/y', 'b.txt', 'bb/z']) await put(store, name, name);
    expect(await names(store, '')).toEqual(['a.txt 5', 'b folder', 'b.txt 5', 'bb folder']);
    expect(await names(store, 'b')).toEqual(['b/c folder', 'b/x 3']);
    expect(await names(store, 'a.txt')).toEqual([]);
    expect(await names(store, 'none')).toEqual([]);
    expect(await store.stat(artifactPath('b'))).toEqual({ path: 'b', size: undefined });
    expect(await store.stat(artifactPath('b/x'))).toEqual({ path: 'b/x', size: 3 });
  });

  test(`${label}: a folder of a thousand and one files is listed whole`, async () => {
    const { store } = await open();
    await using _ = store;
    const all = Array.from({ length: 1001 }, (_value, index) => `many/${String(index).padStart(4, '0')}`);
    for (let from = 0; from < all.length; from += 50)
      await Promise.all(all.slice(from, from + 50).map((name) => put(store, name)));
    expect((await store.list(artifactPath('many'))).map(({ path }) => path)).toEqual(all);
    await store.remove(artifactPath('many'));
    expect(await store.list(artifactPath('many'))).toEqual([]);
  });

  test(`${label}: a file is deleted, a folder with all in it, and what is not there without complaint`, async () => {
    const { store } = await open();
    await using _ = store;
    for (const name of ['d/a', 'd/e/b', 'd/e/f/c', 'dd/a']) await put(store, name, name);
    await store.remove(artifactPath('d/e'));
    expect(await names(store, 'd')).toEqual(['d/a 3']);
    await store.remove(artifactPath('d/a'));
    expect(await names(store, '')).toEqual(['dd folder']);
    await store.remove(artifactPath('none'));
    await expect(store.remove(rootPath)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await textOf(store, 'dd/a')).toBe('dd/a');
  });

  test(`${label}: a file does not take a folder's name, nor a folder a file's`, async () => {
    const { store } = await open();
    await using _ = store;
    await put(store, 'd/a', 'a');
    for (const name of ['d', 'd/a/x', 'd/a/x/y'])
      await expect(put(store, name, 'b')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(store.put(rootPath, pieces('b'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await textOf(store, 'd/a')).toBe('a');
  });
}

function uploads(label: string, open: OpenArtifactStore): void {
  const path = artifactPath('1/models/large.bin');
  /** What S3 asks of every part but the last. */
  const [first, second] = ['a'.repeat(5 << 20), 'b'.repeat(5 << 20)];

  test(`${label}: a file comes in parts, in any order, over a restart, and a part can be sent again`, async () => {
    const { store, again } = await open();
    const upload = await store.beginUpload(path);
    const last = await store.putPart(path, { upload, part: 3 }, pieces('end'));
    const wrong = await store.putPart(path, { upload, part: 1 }, pieces(second));
    expect(await store.stat(path)).toBeUndefined();
    await store[Symbol.asyncDispose]();
    await using reopened = await again();
    const right = await reopened.putPart(path, { upload, part: 1 }, pieces(first));
    const middle = await reopened.putPart(path, { upload, part: 2 }, pieces(second));
    expect(right.tag).not.toBe(wrong.tag);
    await reopened.completeUpload(path, upload, [last, right, middle]);
    expect((await textOf(reopened, path)) === `${first}${second}end`).toBe(true);
    await expect(reopened.putPart(path, { upload, part: 4 }, pieces('late'))).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
  });

  test(`${label}: a part that was not sent, or fails on the way, does not make a file`, async () => {
    const { store } = await open();
    await using _ = store;
    const upload = await store.beginUpload(path);
    const one = await store.putPart(path, { upload, part: 1 }, pieces('one'));
    await expect(store.putPart(path, { upload, part: 2 }, failing())).rejects.toThrow('the line went dead');
    for (const parts of [
      [one, { part: 2, tag: one.tag }],
      [{ part: 1, tag: digestOf('x') }],
      [{ part: 1, tag: '../../x' }],
    ])
      await expect(store.completeUpload(path, upload, parts)).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    for (const part of [0, -1, 1.5, 10_001])
      await expect(store.putPart(path, { upload, part }, pieces('x'))).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
    expect(await store.stat(path)).toBeUndefined();
  });

  test(`${label}: an upload is for its path, and gone when it is aborted`, async () => {
    const { store } = await open();
    await using _ = store;
    const upload = await store.beginUpload(path);
    const part = await store.putPart(path, { upload, part: 1 }, pieces('one'));
    const other = artifactPath('1/models/other.bin');
    await expect(store.putPart(other, { upload, part: 1 }, pieces('x'))).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
    await expect(store.completeUpload(other, upload, [part])).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
    await store.abortUpload(path, upload);
    await store.abortUpload(path, upload);
    for (const id of [upload, '../files', 'none', ''])
      await expect(store.completeUpload(path, id, [part])).rejects.toMatchObject({
        code: 'ARTIFACT_NOT_FOUND',
      });
    expect(await store.stat(path)).toBeUndefined();
  });
}
