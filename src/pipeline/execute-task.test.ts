import { readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { readDataset, saveDataset } from '../data/dataset.ts';
import { z } from 'zod';
import { digestOf } from '../kernel/digest.ts';
import { steps } from './declared-kinds.ts';
import { taskOperation } from './operation.ts';
import { openWorkbench } from './operations.fixture.ts';

const base = {
  description: 'For a test.',
  declared: steps,
  outputs: 'declared',
  params: z.object({ twice: z.boolean().default(false) }),
  process: 'own',
  plan: async () => undefined,
  summary: () => '',
} as const;

const add = taskOperation({
  ...base,
  name: 'add',
  inputs: { number: 'value' },
  facts: z.object({ value: z.number() }),
  async run(context) {
    const input = await context.input('number');
    const plus = await context.code<(a: number) => number>('plus');
    context.emit({ type: 'progress', done: 1 });
    const value = input.kind === 'value' ? plus(Number(input.value)) : 0;
    return { outputs: { sum: { kind: 'value', value } }, facts: { value } };
  },
});

test('a task reads its inputs, runs its code, and everything that its result names is kept', async () => {
  await using bench = await openWorkbench([add]);
  const number = await saveDataset({ kind: 'value', value: 3 }, bench.blobs);
  const result = await bench.work('add', { inputs: { number }, code: { plus: (a: number) => a + 4 } });
  expect(result).toMatchObject({ task: 'add', key: digestOf('add'), facts: { value: 7 } });
  expect(result.endedAt).toBeGreaterThan(result.startedAt);
  expect(result.outputs['sum'] && (await readDataset(result.outputs['sum'], bench.blobs))).toMatchObject({
    kind: 'value',
    value: 7,
  });
  expect(bench.events).toEqual([{ type: 'progress', done: 1 }]);
});

test('what a task was planned without is named', async () => {
  await using bench = await openWorkbench([add]);
  const number = await saveDataset({ kind: 'value', value: 3 }, bench.blobs);
  await expect(bench.work('subtract', {})).rejects.toThrow('(subtract: "operation subtract"');
  await expect(bench.work('add', {})).rejects.toThrow('(add: "input number"');
  await expect(bench.work('add', { inputs: { number } })).rejects.toThrow('(add: "code plus"');
});

test('an input that is gone is told, and unfinished files go with the task', async () => {
  let scratch = '';
  const messy = taskOperation({
    ...base,
    name: 'messy',
    inputs: { gone: 'value' },
    facts: z.object({}),
    async run(context) {
      scratch = context.scratch;
      await writeFile(join(scratch, 'half'), 'written');
      await context.input('gone');
      return { outputs: {}, facts: {} };
    },
  });
  await using bench = await openWorkbench([messy]);
  await expect(bench.work('messy', { inputs: { gone: digestOf('gone') } })).rejects.toMatchObject({
    code: 'BLOB_NOT_FOUND',
  });
  expect(await readdir(dirname(scratch))).not.toContain(scratch.slice(dirname(scratch).length + 1));
});

test('an input of another kind, a param and a fact that the operation does not declare are faults', async () => {
  await using bench = await openWorkbench([
    add,
    taskOperation({
      ...base,
      name: 'wrong',
      inputs: {},
      facts: z.object({ value: z.number() }),
      run: async () => ({ outputs: {}, facts: { value: 'three' as never } }),
    }),
  ]);
  const files = await saveDataset({ kind: 'files', files: [] }, bench.blobs);
  const code = { plus: (a: number) => a };
  await expect(bench.work('add', { inputs: { number: files }, code })).rejects.toThrow('input number: files');
  await expect(bench.work('add', { params: { twice: 'yes' } })).rejects.toThrow('param twice');
  await expect(bench.work('wrong', {})).rejects.toThrow('fact value');
});
