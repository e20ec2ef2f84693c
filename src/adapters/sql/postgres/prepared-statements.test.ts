import { expect, test } from 'vitest';
import { PreparedStatements } from './prepared-statements.ts';

test('a statement is new once', () => {
  const prepared = new PreparedStatements();
  const first = prepared.nameOf('select 1');
  expect(first.isNew).toBe(true);
  expect(prepared.nameOf('select 2')).toMatchObject({ isNew: true });
  expect(prepared.nameOf('select 1')).toEqual({ name: first.name, isNew: false });
  expect(prepared.takeSuperfluous()).toEqual([]);
});

test('a forgotten statement is new again under another name, and its old name is closed once', () => {
  const prepared = new PreparedStatements();
  const { name } = prepared.nameOf('select 1');
  prepared.forget(['select 1', 'never seen']);
  expect(prepared.nameOf('select 1')).toMatchObject({ isNew: true, name: expect.not.stringMatching(name) });
  expect(prepared.takeSuperfluous()).toEqual([name]);
  expect(prepared.takeSuperfluous()).toEqual([]);
});

test('the least recently used statement is dropped', () => {
  const prepared = new PreparedStatements();
  const [first, second] = [prepared.nameOf('select 0'), prepared.nameOf('select 1')];
  for (let count = 2; count < 200; count += 1) prepared.nameOf(`select ${count}`);
  prepared.nameOf('select 0');
  expect(prepared.takeSuperfluous()).toEqual([]);
  prepared.nameOf('select 200');
  expect(prepared.takeSuperfluous()).toEqual([second.name]);
  expect(prepared.nameOf('select 0')).toEqual({ name: first.name, isNew: false });
});
