import { expect, test } from 'vitest';
import { day } from './csv-text.fixture.ts';
import { modelDraft } from './drafts.fixture.ts';

test('the example is one line, the most usual of those that leave nothing blank', () => {
  const towns = ['ash', 'oak', 'oak', 'oak', 'elm'];
  const line = (index: number): string =>
    [
      index % 50,
      towns[index % 5],
      index === 26 ? '' : index % 2 ? 'yes' : 'no',
      day(index),
      index * 3.5,
    ].join(',');
  const result = modelDraft('size,town,garden,sold,price', line);
  const example = Object.fromEntries([...result.example].map(([{ name }, value]) => [name, value]));
  const lines = Array.from({ length: 60 }, (_, index) => line(index));
  const { size, town, garden, sold } = example;
  expect(lines).toContainEqual(
    expect.stringMatching(
      `^${String(size)},${String(town)},${garden === true ? 'yes' : 'no'},${String(sold)},`,
    ),
  );
  expect(example['town']).toBe('oak');
  expect(example['size']).not.toBe(26);
});

test.each([
  ['a column that is mostly blank', (index: number) => (index === 3 ? '5' : '')],
  ['a mean that no line has', (index: number) => (index % 12 ? '1' : '900')],
])('with %s, the example is a line of the file', (_, text) => {
  const result = modelDraft('size,extra,price', (index) => `${index},${text(index)},${index * 3.5}`, {
    with: ['size'],
  });
  const [size, extra] = result.features.map((column) => result.example.get(column));
  expect(extra).toBeDefined();
  expect(String(extra)).toBe(text(Number(size)));
});

test('the example is no line that a run sets aside', () => {
  const result = modelDraft(
    'size,rooms,price',
    (index) =>
      `${index === 10 ? 'abc' : 100 + ((index * 7) % 97)},${index === 10 ? 3 : index % 9},${index * 3.5}`,
    { rows: 300 },
  );
  const example = Object.fromEntries([...result.example].map(([{ name }, value]) => [name, value]));
  expect(example).toMatchObject({ size: expect.any(Number), rooms: expect.any(Number) });
});
