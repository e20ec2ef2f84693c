import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import { boostTrees } from './boost.ts';
import { readTreeOptions } from './options.ts';
import { isUbjson, readUbjson, writeUbjson } from './ubjson.ts';
import { readXgboost } from './xgboost-read.ts';
import { writeXgboostUbjson } from './xgboost-write.ts';

const value = {
  name: 'éa',
  list: [1, -2, 'x', null, true, { deep: [] }],
  floats: [0.5, -3e38],
  ints: [1, 2 ** 31 - 1],
};
const types = { floats: 'd', ints: 'l' } as const;
const bytes = writeUbjson(value, (name) => (name === 'floats' || name === 'ints' ? types[name] : undefined));

test('what is written reads back', () => {
  expect(isUbjson(bytes)).toBe(true);
  expect(isUbjson(new TextEncoder().encode('{"a":1}'))).toBe(false);
  expect(readUbjson(bytes, 'model.ubj')).toEqual({ ...value, floats: [0.5, Math.fround(-3e38)] });
});

test('numbers of every width are read', () => {
  const given = [0x5b, 0x69, 0xff, 0x55, 0xff, 0x49, 0xff, 0xfe, 0x44, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x5d];
  expect(readUbjson(Uint8Array.from(given), 'model.ubj')).toEqual([-1, 255, -2, 1.5]);
});

test('a file that ends early is refused wherever it ends', () => {
  for (let end = 1; end < bytes.length; end++)
    expect(() => readUbjson(bytes.subarray(0, end), 'model.ubj')).toThrow(/model.ubj/);
  const wrong = bytes.slice();
  wrong[1] = 0x3f;
  expect(() => readUbjson(wrong, 'model.ubj')).toThrow(/marker .*\?.* at byte 1/);
});

test('trees are written as UBJSON and read back', () => {
  const random = seededRandom(1);
  const column = new Float32Array(300).map(() => Math.floor(random() * 9));
  const matrix = { features: ['a', 'b'], rows: 300, columns: [column, column.map(() => random())] };
  const target = new Float64Array(300).map((_, row) => (((column[row] ?? 0) * 5) % 3 > 1 ? 1 : 0));
  const options = readTreeOptions({ trees: 4, minLeafRows: 5, categories: ['a'], earlyStopping: 0 });
  const trees = boostTrees({ matrix, target }, { options, target: { kind: 'boolean' } });
  expect(readXgboost(writeXgboostUbjson(trees), 'model.ubj').trees).toEqual(trees);
});
