import { expect, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import { parseJsonFile } from './parse-json-file.ts';
import { isOwnTrainer } from './version-code.ts';
import { type VersionManifest, versionManifest } from './version-manifest.ts';

const code = (label: string): object => ({
  key: digestOf(label),
  bundle: digestOf(`text of ${label}`),
  label,
});

/** A manifest as the build before this one wrote it. */
const earlier = {
  format: 2,
  model: 'house-price',
  trainer: 'boosted-trees',
  target: { name: 'price', title: 'Price', unit: 'EUR' },
  request: { type: 'object', properties: { size: {}, garden: {} } },
  code: {
    request: code('Question in houses.ts'),
    features: code('toFeatures in houses.ts'),
    trainer: code('boostedTrees in modelyard'),
  },
  trainedOn: { rows: 160, groups: null, from: '2020-01-01', to: '2020-06-08' },
  learnedFrom: { group: null, by: { column: 'sold', to: '2020-06-08' }, columns: ['price'] },
};

function parse(manifest: unknown): VersionManifest {
  return parseJsonFile('version.json', new TextEncoder().encode(JSON.stringify(manifest)), versionManifest);
}

test('a version of the format before predicts a number, and its label says whose trainer it has', () => {
  const manifest = parse(earlier);
  expect(manifest.target).toEqual({ name: 'price', title: 'Price', unit: 'EUR', type: { kind: 'number' } });
  expect(isOwnTrainer(manifest.code)).toBe(false);
  expect(Object.keys(manifest.request['properties'] as object)).toEqual(['size', 'garden']);
  const byProject = { ...earlier, code: { ...earlier.code, trainer: code('mean in trainer.ts') } };
  expect(isOwnTrainer(parse(byProject).code)).toBe(true);
});

test('a version of today has the kind of its target and all its code', () => {
  const type = { kind: 'class', classes: ['owned', 'rented'] };
  const present = {
    ...earlier,
    format: 3,
    target: { ...earlier.target, type },
    code: { ...earlier.code, part0: code('logistic in modelyard') },
  };
  const manifest = parse(present);
  expect(manifest.target.type).toEqual(type);
  expect(manifest.code['part0']).toEqual(code('logistic in modelyard'));
});

test.each<[string, unknown, RegExp]>([
  ['text', 'no manifest', /version\.json/],
  ['no target', { ...earlier, target: undefined }, /version\.json, target/],
  [
    'a class without names',
    { ...earlier, format: 3, target: { ...earlier.target, type: { kind: 'class' } } },
    /target/,
  ],
  [
    'code that is no digest',
    { ...earlier, code: { ...earlier.code, features: { key: 'x' } } },
    /code\.features/,
  ],
])('a manifest with %s is refused, with the field that is wrong', (_case, manifest, says) => {
  expect(() => parse(manifest)).toThrow(says);
  expect(() => parse(manifest)).toThrow(expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }));
});
