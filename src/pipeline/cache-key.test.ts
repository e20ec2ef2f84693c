import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import { taskKey } from './cache-key.ts';
import type { Task } from './task.ts';

const code = (text: string, label = 'f in a.ts'): Task['code'][string] => ({
  key: digestOf(text),
  bundle: digestOf(`${text} bundled`),
  label,
});
const column = { name: 'runs', type: 'integer', nullable: false } as const;
const task: Pick<Task, 'operation' | 'code' | 'params' | 'outputs'> = {
  operation: 'step',
  code: { run: code('a') },
  params: { depth: 6, rate: 0.1 },
  outputs: { rows: { kind: 'table', schema: { columns: [column] } } },
};
const inputs = { matches: digestOf('m'), teams: digestOf('t') };
const key = taskKey(task, inputs);

test('order, labels, titles and where a bundle lies do not matter', () => {
  expect(
    taskKey({ ...task, params: { rate: 0.1, depth: 6 } }, { teams: inputs.teams, matches: inputs.matches }),
  ).toBe(key);
  expect(
    taskKey(
      { ...task, code: { run: { ...code('a', 'f in b.ts'), bundle: digestOf('other text, same meaning') } } },
      inputs,
    ),
  ).toBe(key);
  const titled = { ...column, title: 'Runs', unit: 'runs' };
  expect(
    taskKey({ ...task, outputs: { rows: { kind: 'table', schema: { columns: [titled] } } } }, inputs),
  ).toBe(key);
});

test('everything else changes the key', () => {
  const keys = [
    taskKey({ ...task, operation: 'read' }, inputs),
    taskKey({ ...task, code: { run: code('b') } }, inputs),
    taskKey({ ...task, params: { depth: 7, rate: 0.1 } }, inputs),
    taskKey(
      { ...task, outputs: { rows: { kind: 'table', schema: { columns: [{ ...column, nullable: true }] } } } },
      inputs,
    ),
    taskKey({ ...task, outputs: { rows: { kind: 'value' } } }, inputs),
    taskKey(task, { ...inputs, teams: digestOf('u') }),
    taskKey(task, { matches: inputs.matches }),
  ];
  expect(new Set([...keys, key]).size).toBe(keys.length + 1);
});
