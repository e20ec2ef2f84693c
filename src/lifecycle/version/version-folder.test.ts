import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset, saveDataset } from '../../data/dataset.ts';
import { openTemporaryBlobStore } from '../../data/temporary-blob-store.contract.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import { type Digest, digestOf } from '../../kernel/digest.ts';
import type { Model } from '../../project/models/model.ts';
import { housesProject } from '../houses.fixture.ts';
import {
  learnedOf,
  readModelFile,
  readVersionFolder,
  requestSchema,
  saveVersionFolder,
} from './version-folder.ts';

const request = z.object({
  size: z.number().meta({ unit: 'm²' }),
  garden: z.boolean(),
  age: z.int().default(3),
});
const model = { ...housesProject().models[0], request } as Model;
const learnedFrom = {
  group: 'id',
  by: { column: 'sold', to: '2020-06-08' },
  columns: ['price', 'size', 'sold'],
};
const trainedOn = { rows: 160, groups: 160, from: '2020-01-01', to: '2020-06-08' };

async function save(
  blobs: BlobStore,
  change: { trees?: string; features?: string; learned?: string; learnedDigest?: Digest } = {},
): Promise<Digest> {
  const trees = await blobs.put(change.trees ?? 'trees');
  const trained = await saveDataset({ kind: 'files', files: [{ name: 'model.json', ...trees }] }, blobs);
  const code = async (text: string): Promise<{ key: Digest; bundle: Digest; label: string }> => ({
    key: digestOf(`what ${text} does`),
    bundle: (await blobs.put(text)).digest,
    label: text,
  });
  return saveVersionFolder(
    model,
    {
      model: trained,
      learned: change.learnedDigest ?? (await learnedRows(blobs, change.learned)),
      code: {
        request: await code('request'),
        features: await code(change.features ?? 'features'),
        trainer: await code('trainer'),
      },
      trainedOn,
      learnedFrom,
    },
    blobs,
  );
}

async function learnedRows(blobs: BlobStore, text = 'hashes'): Promise<Digest> {
  const file = await blobs.put(text);
  return saveDataset({ kind: 'table', schema: { columns: [] }, rows: 160, file, profile: {} }, blobs);
}

test('the same parts are the same folder, any other part is another', async () => {
  await using blobs = await openTemporaryBlobStore();
  const folder = await save(blobs);
  expect(await save(blobs)).toBe(folder);
  expect(await save(blobs, { trees: 'more trees' })).not.toBe(folder);
  expect(await save(blobs, { features: 'other features' })).not.toBe(folder);
  expect(await save(blobs, { learned: 'other rows' })).not.toBe(folder);
});

test('a folder has the model, the code and a manifest of everything that serving needs', async () => {
  await using blobs = await openTemporaryBlobStore();
  const { files, manifest } = await readVersionFolder(await save(blobs), blobs);
  expect(files.files.map(({ name }) => name)).toEqual([
    'model.json',
    'modelyard/features.mjs',
    'modelyard/learned.parquet',
    'modelyard/request.mjs',
    'modelyard/trainer.mjs',
    'modelyard/version.json',
  ]);
  expect(manifest).toMatchObject({
    model: 'house-price',
    trainer: 'boosted-trees',
    target: { name: 'price', title: 'Price', unit: 'EUR', type: { kind: 'number' } },
    trainedOn,
    learnedFrom,
    code: { features: { label: 'features' } },
  });
  expect(new TextDecoder().decode(await readModelFile(files, 'model.json', blobs))).toBe('trees');
  const learned = learnedOf({ files, manifest });
  expect(learned).toMatchObject({ rows: 160, schema: { columns: [{ name: 'group' }, { name: 'content' }] } });
  expect(new TextDecoder().decode(await blobs.read(learned.file.digest))).toBe('hashes');
  expect(() => learnedOf({ files: { kind: 'files', files: [] }, manifest })).toThrow(/train it again/);
});

test('a list of learned rows that is no table is named', async () => {
  await using blobs = await openTemporaryBlobStore();
  const learnedDigest = await saveDataset({ kind: 'files', files: [] }, blobs);
  await expect(save(blobs, { learnedDigest })).rejects.toMatchObject({
    detail: { field: 'learned', value: 'files', remedy: 'must be a table' },
  });
});

test('fields are asked for in the order in which the project names them', async () => {
  await using blobs = await openTemporaryBlobStore();
  const { manifest } = await readVersionFolder(await save(blobs), blobs);
  expect(Object.keys(manifest.request['properties'] as object)).toEqual(['size', 'garden', 'age']);
  expect(manifest.request).toEqual(requestSchema(model));
  expect(manifest.request, 'what a caller may leave out is not required').toMatchObject({
    required: ['size', 'garden'],
    properties: { size: { unit: 'm²' } },
  });
});

test('a file that the folder does not have is named', async () => {
  await using blobs = await openTemporaryBlobStore();
  const folder = await readDataset(await save(blobs), blobs);
  await expect(readModelFile(folder, 'model.onnx', blobs)).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    detail: { value: 'model.onnx' },
  });
});

test.each<[string, (blobs: BlobStore) => Promise<Digest>, RegExp]>([
  [
    'of a later format',
    async (blobs) => {
      const later = await blobs.put(JSON.stringify({ format: 99 }));
      const files = [{ name: 'modelyard/version.json', ...later }];
      return saveDataset({ kind: 'files', files }, blobs);
    },
    /This build serves formats 2 and 3.*version\.json: 99\)/,
  ],
  [
    'of another program',
    async (blobs) =>
      saveDataset({ kind: 'files', files: [{ name: 'MLmodel', ...(await blobs.put('x')) }] }, blobs),
    /It has no modelyard\/version\.json/,
  ],
  ['that is no folder', (blobs) => saveDataset({ kind: 'value', value: 1 }, blobs), /It has no/],
])('a folder %s is refused', async (_case, make, says) => {
  await using blobs = await openTemporaryBlobStore();
  const folder = await make(blobs);
  await expect(readVersionFolder(folder, blobs)).rejects.toThrow(says);
  await expect(readVersionFolder(folder, blobs)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
});
