import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import type { Json } from '../kernel/json.ts';
import { mlflowModelFiles } from '../training/mlflow-model.ts';
import { parseSignature } from './model-signature.ts';

/** A file MLmodel as the client writes it. */
function modelFile(signature: Readonly<Record<string, Json>>): string {
  const texts = Object.entries(signature).map(([name, list]) => [name, JSON.stringify(list)]);
  return stringify({ artifact_path: 'model', signature: Object.fromEntries(texts) });
}

const typesOf = (inputs: Json): readonly string[] | undefined =>
  parseSignature(modelFile({ inputs }))?.inputs.map(({ name, type }) => `${name}: ${type}`);

test('columns have a name, a type, and whether they may be missing', () => {
  const inputs = [
    { type: 'double', name: 'distance', required: true },
    { type: 'string', name: 'courier', required: false },
    { type: 'long' },
  ];
  const outputs = [{ type: 'double', required: true }];
  expect(parseSignature(modelFile({ inputs, outputs }))).toEqual({
    inputs: [
      { name: 'distance', type: 'double', required: true, default: undefined },
      { name: 'courier', type: 'string', required: false, default: undefined },
      { name: '', type: 'long', required: true, default: undefined },
    ],
    outputs: [{ name: '', type: 'double', required: true, default: undefined }],
    params: [],
  });
});

test('tensors, arrays, maps and objects are written as people read them', () => {
  expect(
    typesOf([
      { type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1, 28, 28] } },
      { name: 'words', type: 'array', items: { type: 'string' } },
      { name: 'counts', type: 'map', values: { type: 'long' } },
      {
        name: 'messages',
        type: 'array',
        items: { type: 'object', properties: { role: { type: 'string' } } },
      },
    ]),
  ).toEqual([
    ': tensor of float64 (-1, 28, 28)',
    'words: array of string',
    'counts: map of long',
    'messages: array of { role: string }',
  ]);
});

test('a param has its default', () => {
  const params = [
    { name: 'temperature', type: 'double', default: 0.5, shape: null },
    { name: 'stop', type: 'string', default: ['a'], shape: [-1] },
    { name: 'seed', type: 'long', default: null, shape: null },
  ];
  const parsed = parseSignature(modelFile({ params }));
  expect(parsed?.params.map((param) => [param.name, param.type, param.default])).toEqual([
    ['temperature', 'double', '0.5'],
    ['stop', 'array of string', '["a"]'],
    ['seed', 'long', undefined],
  ]);
});

test('a model of ours has the signature that its file says', () => {
  const [file] = mlflowModelFiles({ features: ['size'], trainer: 'trees', modelUuid: '0'.repeat(32) });
  const text = new TextDecoder().decode(file?.bytes);
  expect(parseSignature(text)).toMatchObject({
    inputs: [{ name: 'size', type: 'double' }],
    outputs: [{ name: 'prediction', type: 'double' }],
  });
});

test.each(['', 'a: [', 'signature: 3', 'artifact_path: model', '&a [*a]'])('%j has none', (text) => {
  expect(parseSignature(text)).toBeUndefined();
});

test.each<Json>(['{', 'null', '"x"', [null, 3]])('a broken list %j is empty', (inputs) => {
  const text = stringify({ signature: { inputs } });
  expect(parseSignature(text)).toEqual({ inputs: [], outputs: [], params: [] });
});

test('a type that holds itself many times is cut', () => {
  let type: Json = { type: 'long' };
  for (let depth = 0; depth < 50; depth += 1) type = { type: 'array', items: type };
  expect(typesOf([{ name: 'deep', ...(type as object) }])).toEqual([`deep: ${'array of '.repeat(6)}…`]);
});
