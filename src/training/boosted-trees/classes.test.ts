import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { Target } from '../../project/models/kind.ts';
import type { ClassPrediction } from '../../project/models/prediction.ts';
import type { Predictor } from '../../project/models/predictor.ts';
import type { Fitted, TrainingRows } from '../../project/models/trainer.ts';
import { probabilityContributions } from '../explanation.ts';
import { selectRows } from '../rows.ts';
import { readTreeOptions } from './options.ts';
import { boostedTrees } from './trainer.ts';

const { definition } = boostedTrees;
const names = ['home', 'draw', 'away'];
const boolean: Target = { kind: 'boolean' };
const three: Target = { kind: 'class', classes: names };

/** Rows whose class depends on two of three features; of five rows, one is drawn at random. */
function simulated(count: number, target: Target, seed = 3): TrainingRows {
  const random = seededRandom(seed);
  const columns = [0, 1, 2].map(() => new Float32Array(count).map(() => random() * 10));
  const truth = new Float64Array(count).map((_, row) => {
    const [a = 0, b = 0] = columns.map((column) => column[row] ?? 0);
    const drawn = random() < 0.2 ? random() : undefined;
    if (target.kind === 'boolean') return drawn === undefined ? Number(a + b > 12) : Math.round(drawn);
    return drawn === undefined ? (a < 4 ? 0 : b < 5 ? 1 : 2) : Math.floor(drawn * 3);
  });
  return {
    matrix: { features: ['a', 'b', 'c'], rows: count, columns },
    target: truth,
    group: new Int32Array(count).map((_, row) => row),
    order: new Float64Array(count).map((_, row) => row),
  };
}

const part = (all: TrainingRows, from: number, to: number): TrainingRows =>
  selectRows(
    all,
    Int32Array.from({ length: to - from }, (_, at) => from + at),
  );

async function fitted(rows: TrainingRows, target: Target, given: object = {}): Promise<Fitted> {
  const middle = Math.floor(rows.matrix.rows * 0.75);
  const subsets = { train: part(rows, 0, middle), validation: part(rows, middle, rows.matrix.rows) };
  const context = { target, interval: 0.8, progress: (): void => undefined };
  return definition.fit(readTreeOptions({ trees: 120, depth: 3, ...given }), subsets, context);
}

const open = (model: Fitted): Promise<Predictor> =>
  definition.open(async (name) => {
    const file = model.files.find((one) => one.name === name);
    if (!file) throw new Error(`no file ${name}`);
    return file.bytes;
  });

async function predicted(predictor: Predictor, rows: TrainingRows): Promise<readonly ClassPrediction[]> {
  return (await predictor.predict(rows.matrix)).map((prediction) => {
    if (prediction.kind !== 'class') throw new Error('a class is predicted');
    return prediction;
  });
}

test('yes or no is predicted with the probability of both', async () => {
  const predictor = await open(await fitted(simulated(3000, boolean), boolean));
  const fresh = simulated(2000, boolean, 9);
  const predictions = await predicted(predictor, fresh);
  const hits = predictions.filter(({ value }, row) => Number(value) === fresh.target[row]).length;
  expect(hits / 2000).toBeGreaterThan(0.86);
  for (const { value, probability, probabilities } of predictions) {
    expect(value).toBe((probabilities['true'] ?? 0) > 0.5);
    expect(probability).toBe(probabilities[String(value)]);
    expect((probabilities['true'] ?? 0) + (probabilities['false'] ?? 0)).toBeCloseTo(1, 9);
  }
  const yes = predictions.filter(({ probabilities }) => (probabilities['true'] ?? 0) > 0.8);
  const happened = predictions.flatMap((one, row) => (yes.includes(one) ? [fresh.target[row] ?? 0] : []));
  expect(happened.reduce((sum, one) => sum + one, 0) / happened.length).toBeGreaterThan(0.8);
});

test('one of three classes is predicted by its name', async () => {
  const predictor = await open(await fitted(simulated(3000, three), three));
  const fresh = simulated(2000, three, 9);
  const predictions = await predicted(predictor, fresh);
  const hits = predictions.filter(({ value }, row) => value === names[fresh.target[row] ?? -1]).length;
  expect(hits / 2000).toBeGreaterThan(0.82);
  for (const { value, probability, probabilities } of predictions) {
    expect(Object.keys(probabilities)).toEqual(names);
    expect(probability).toBe(Math.max(...Object.values(probabilities)));
    expect(probability).toBe(probabilities[String(value)]);
    expect(Object.values(probabilities).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 6);
  }
});

test.each([boolean, three])('an explanation of each class adds up to its probability: %j', async (target) => {
  const predictor = await open(await fitted(simulated(2000, target), target));
  const fresh = simulated(200, target, 5);
  const predictions = await predicted(predictor, fresh);
  const explanations = (await predictor.explain?.(fresh.matrix)) ?? [];
  expect(explanations).toHaveLength(200);
  for (const [row, explanation] of explanations.entries()) {
    if (!('classes' in explanation)) throw new Error('no classes were explained');
    expect(explanation.scale).toBe('log-odds');
    const names = target.kind === 'class' ? target.classes : ['true'];
    for (const [index, name] of names.entries()) {
      const { baseline, contributions } = probabilityContributions(explanation.classes, index);
      const probability = contributions.reduce((sum, one) => sum + one, baseline);
      expect(probability).toBeCloseTo(predictions[row]?.probabilities[name] ?? 9, 4);
      expect(Math.abs(contributions[2] ?? 9)).toBeLessThan(Math.max(...contributions.map(Math.abs)));
    }
  }
});

test.each([boolean, three])('a trial stops on the log loss of the validation rows: %j', async (target) => {
  const rows = simulated(2000, target);
  const subsets = { train: part(rows, 0, 1200), validation: part(rows, 1200, 2000) };
  const trial = async (given: object): Promise<{ trees: number; loss: number; accuracy: number }> => {
    const options = readTreeOptions({ trees: 400, depth: 6, learningRate: 0.3, ...given });
    const result = await definition.trial?.(options, subsets, { target });
    expect(result?.loss).toBe(result?.metrics['logLoss']);
    return {
      trees: result?.fittedParams?.['trees'] ?? 0,
      loss: result?.loss ?? 0,
      accuracy: result?.metrics['accuracy'] ?? 0,
    };
  };
  const stopped = await trial({ earlyStopping: 20 });
  expect(stopped.trees).toBeLessThan(100);
  expect(stopped.accuracy).toBeGreaterThan(0.8);
  expect((await trial({ earlyStopping: 0 })).loss).toBeGreaterThan(1.2 * stopped.loss);
});

test.each([
  [boolean, 1, true],
  [boolean, 0, false],
  [three, 1, 'draw'],
] as const)('rows of one class alone: %j, %d', async (target, truth, value) => {
  const rows = simulated(400, target);
  const model = await fitted({ ...rows, target: rows.target.map(() => truth) }, target, { trees: 5 });
  const [prediction] = await predicted(await open(model), part(rows, 0, 1));
  expect(prediction?.value).toBe(value);
  expect(prediction?.probability).toBeGreaterThan(0.99);
});

test('a class that no training row has is improbable, and known by its name', async () => {
  const rows = simulated(1000, three);
  const two = { ...rows, target: rows.target.map((truth) => Math.min(1, truth)) };
  const [prediction] = await predicted(await open(await fitted(two, three, { trees: 30 })), part(rows, 0, 1));
  expect(prediction?.probabilities['away']).toBeLessThan(0.01);
});

test('MLflow gets a probability for yes or no, and one for each class', () => {
  const shape = (target: Target): unknown => definition.mlflow?.(['a'], target).outputs;
  expect(shape(boolean)).toEqual([{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1] } }]);
  expect(shape(three)).toEqual([{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1, 3] } }]);
});
