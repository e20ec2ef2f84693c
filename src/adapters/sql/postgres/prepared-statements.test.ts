import { expect, test } from 'vitest';
import { PreparedStatements } from './prepared-statements.ts';

test('a text is new once', () => {
  const prepared = new PreparedStatements();
  const first = prepared.nameOf('select 1');
  expect(first.isNew).toBe(true);
  expect(prepared.nameOf('select 2')).toMatchObject({ isNew: true });
  expect(prepared.nameOf('select 1')).toEqual({ name: first.name, isNew: false });
  expect(prepared.takeSuperfluous()).toEqual([]);
});

test('a text that was forgotten is new again, under another name, and its old name is given up once', () => {
  const prepared = new PreparedStatements();
  const { name } = prepared.nameOf('select 1');
  prepared.forget(['select 1', 'never seen']);
  expect(prepared.nameOf('select 1')).toMatchObject({ isNew: true, name: expect.not.stringMatching(name) });
  expect(prepared.takeSuperfluous()).toEqual([name]);
  expect(prepared.takeSuperfluous()).toEqual([]);
});

test('of very many the one unused for longest is given up', () => {
  const prepared = new PreparedStatements();
  const [first, second] = [prepared.nameOf('select 0'), prepared.nameOf('select 1')];
  for (let made = 2; made < 200; made += 1) prepared.nameOf(`select ${made}`);
  prepared.nameOf('select 0');
  expect(prepared.takeSuperfluous()).toEqual([]);
  prepared.nameOf('select 200');
  expect(prepared.takeSuperfluous()).toEqual([second.name]);
  expect(prepared.nameOf('select 0')).toEqual({ name: first.name, isNew: false });
});
