import { expect, test } from 'vitest';
import type { Target } from '../project/models/kind.ts';
import type { Trainer, TrainerDefinition, TrainingRows } from '../project/models/trainer.ts';
import { trainer } from './project-trainer.ts';

const rowsOf = (target: readonly number[]): TrainingRows => ({
  matrix: { features: ['x'], rows: target.length, columns: [Float32Array.from(target, (_, at) => at)] },
  target: Float64Array.from(target),
  group: Int32Array.from(target, (_, at) => at),
  order: Float64Array.from(target, (_, at) => at),
});
const subsets = { train: rowsOf([2, 4, 6]), validation: rowsOf([8]) };
const context = (target: Target) => ({ target, interval: 0.8, progress: () => {} });

async function openFitted(of: Trainer, target: Target) {
  const definition = of.type.definition as TrainerDefinition<string, object>;
  const { files, heldOut } = await definition.fit(of.options, subsets, context(target));
  const read = async (name: string): Promise<Uint8Array> =>
    files.find((file) => file.name === name)?.bytes ?? Promise.reject(new Error(name));
  return { heldOut, predictor: await definition.open(read) };
}

/** The mean of the truth, times `times`. */
const mean = trainer(
  'mean',
  { options: { times: 1 }, learns: ['number'] },
  {
    fit: async ({ truth }, { times }) =>
      Uint8Array.of((truth.reduce((sum, each) => sum + each, 0) / truth.length) * times),
    open:
      ([value = 0]) =>
      () =>
        value,
  },
);

test('a trainer of two functions is fitted on all rows, and held-out predictions are of the training rows', async () => {
  const { heldOut, predictor } = await openFitted(mean, { kind: 'number' });
  expect(heldOut).toEqual([{ kind: 'number', value: 4 }]);
  expect(await predictor.predict(rowsOf([0, 0]).matrix)).toEqual([
    { kind: 'number', value: 5 },
    { kind: 'number', value: 5 },
  ]);
  await expect(
    predictor.predict({ features: ['y'], rows: 1, columns: [Float32Array.of(1)] }),
  ).rejects.toThrow('feature x');
});

test('a trial measures the validation rows with its options', async () => {
  const { definition } = mean.type;
  const trial = await definition.trial?.({ times: 2 }, subsets, { target: { kind: 'number' } });
  expect(trial?.loss).toBe(0);
  expect(definition.options.safeParse({ times: 1.5 }).success, 'a whole option stays whole').toBe(false);
});

const returning = (result: unknown): Trainer =>
  trainer(
    'odd',
    { options: {}, learns: ['number', 'boolean', 'class'] },
    { fit: async () => Uint8Array.of(1), open: () => () => result as number },
  ) as Trainer;
const classes: Target = { kind: 'class', classes: ['a', 'b'] };

test.each<[string, unknown, Target]>([
  ['a NaN', Number.NaN, { kind: 'number' }],
  ['a list of numbers', [1], { kind: 'number' }],
  ['a probability above 1', 1.2, { kind: 'boolean' }],
  ['a class too few', [1], classes],
  ['probabilities that do not sum to 1', [0.5, 0.6], classes],
])('%s is refused by name', async (_case, result, target) => {
  await expect(openFitted(returning(result), target)).rejects.toThrow("the trainer's open function");
});

test('probabilities become predictions', async () => {
  const yes = await openFitted(returning(0.75), { kind: 'boolean' });
  expect(yes.heldOut).toMatchObject([{ kind: 'class', value: true, probability: 0.75 }]);
  const second = await openFitted(returning([0.25, 0.75]), classes);
  expect(second.heldOut).toMatchObject([{ value: 'b', probabilities: { a: 0.25, b: 0.75 } }]);
});
