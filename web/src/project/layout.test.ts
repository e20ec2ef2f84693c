import { expect, test } from 'vitest';
import { layoutGraph, withoutShortcuts } from './layout.ts';

const node = (id: string, ...needs: string[]) => ({ id, needs });
const chain = [node('a'), node('b', 'a'), node('c', 'a', 'b'), node('d', 'a', 'c')];

test('a need that another need waits for anyway is not drawn', () => {
  expect(withoutShortcuts(chain)).toEqual([node('a'), node('b', 'a'), node('c', 'b'), node('d', 'c')]);
});

test('two ways of equal length are both drawn, and a need outside of the graph is not', () => {
  const diamond = [node('a', 'gone'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')];
  expect(withoutShortcuts(diamond)).toEqual([node('a'), node('b', 'a'), node('c', 'a'), node('d', 'b', 'c')]);
});

test('a chain fits the width that it is given, from left to right', () => {
  const { width, positions, nodeWidth } = layoutGraph(chain, { width: 700, direction: 'right' });
  expect(width).toBeLessThanOrEqual(700);
  const xs = ['a', 'b', 'c', 'd'].map((id) => positions.get(id)?.x ?? Number.NaN);
  for (const [index, x] of xs.slice(1).entries()) expect(x).toBeGreaterThan((xs[index] ?? 0) + nodeWidth);
});

test('on a narrow screen it goes down and stays within the width, branches side by side', () => {
  const fork = [node('a'), node('b', 'a'), node('c', 'a')];
  const { width, positions } = layoutGraph(fork, { width: 320, direction: 'down' });
  expect(width).toBeLessThanOrEqual(320);
  expect(positions.get('b')?.y).toBe(positions.get('c')?.y);
  expect(positions.get('b')?.y).toBeGreaterThan(positions.get('a')?.y ?? Infinity);
});

test('two hundred tasks are placed, each once', () => {
  const many = Array.from({ length: 200 }, (_none, index) =>
    node(`t${index}`, ...(index < 8 ? [] : [`t${index - 8}`, `t${index - 1 - (index % 7)}`])),
  );
  const { positions } = layoutGraph(many, { width: 1200, direction: 'right' });
  const spots = new Set([...positions.values()].map(({ x, y }) => `${x},${y}`));
  expect(spots.size).toBe(200);
});
