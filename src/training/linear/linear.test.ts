import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Predictor } from '../../project/models/predictor.ts';
import type { Fitted, Matrix, TrainerDefinition, TrainingRows } from '../../project/models/trainer.ts';
import { linear } from './linear.ts';
import { logistic } from './logistic.ts';
import { readLinear } from './model.ts';

// Expected values: scikit-learn 1.9.1, Ridge and LogisticRegression after StandardScaler, for these ten rows.
const a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const b = [5, 3, 8, 1, 9, 2, 7, 4, 6, 0];
const c = [0.2, 0.9, 0.4, 0.7, 0.1, 0.8, 0.3, 0.6, 0.5, 1];
const amounts = [3.1, 4, 8.2, 5.9, 12.5, 8.1, 13.9, 12.2, 15.5, 11];
const yesOrNo = [0, 0, 1, 0, 1, 0, 1, 1, 1, 0];
const classes = [0, 0, 1, 0, 2, 1, 2, 2, 1, 0];
const ofClasses: Target = { kind: 'class', classes: ['low', 'middle', 'high'] };

function matrixOf(columns: Readonly<Record<string, readonly number[]>>): Matrix {
  const values = Object.values(columns).map((column) => Float32Array.from(column));
  return { features: Object.keys(columns), rows: values[0]?.length ?? 0, columns: values };
}

function rowsOf(
  columns: Readonly<Record<string, readonly number[]>>,
  target: readonly number[],
): TrainingRows {
  const count = target.length;
  return {
    matrix: matrixOf(columns),
    target: Float64Array.from(target),
    group: new Int32Array(count).map((_, row) => row),
    order: new Float64Array(count).map((_, row) => row),
  };
}

/** Fits all rows: there are no validation rows. */
async function fitted(
  definition: TrainerDefinition,
  rows: TrainingRows,
  { target, options = {} }: { readonly target: Target; readonly options?: object },
): Promise<Fitted> {
  const validation = rowsOf(Object.fromEntries(rows.matrix.features.map((name) => [name, []])), []);
  return definition.fit(
    definition.options.parse(options),
    { train: rows, validation },
    { target, interval: 0.8, progress: () => undefined },
  );
}

function open(definition: TrainerDefinition, { files }: Fitted): Promise<Predictor> {
  return definition.open(async (name) => files.find((file) => file.name === name)?.bytes ?? new Uint8Array());
}

function weightsOf({
  files,
}: Fitted): readonly { readonly intercept: number; readonly weights: readonly number[] }[] {
  return readLinear(files[0]?.bytes ?? new Uint8Array()).outputs;
}

function near(values: readonly number[], digits: number): readonly number[] {
  return values.map((value) => expect.closeTo(value, digits) as number);
}

const number: Target = { kind: 'number' };
const boolean: Target = { kind: 'boolean' };
const numbers = rowsOf({ a, b, c }, amounts);

test.each([
  [1, [3.420808859468447, 1.7010759392584438, -0.31757370983877947], 5.984142178672801],
  [0, [3.7754152372858214, 2.192216543492245, -0.028983246892599183], 5.294765263710602],
  [10, [1.7908506754307614, 0.7633079474172348, -0.339007557755802], 7.779539502283411],
])('ridge with l2 %d equals scikit-learn', async (l2, weights, prediction) => {
  const model = await fitted(linear.definition, numbers, { target: number, options: { l2 } });
  expect(weightsOf(model)).toEqual([
    { intercept: expect.closeTo(9.44, 10) as number, weights: near(weights, 6) },
  ]);
  const predictor = await open(linear.definition, model);
  const [row] = await predictor.predict(matrixOf({ c: [0.45], a: [3.5], b: [2.5] }));
  expect(row).toEqual({ kind: 'number', value: expect.closeTo(prediction, 5) as number });
});

test.each([
  [{ l2: 1 }, [0.8050357406728124, 1.1770704822889388, -0.5159859498181961], 0.01570175662952596],
  [{ l2: 0.1 }, [2.0864150573156457, 2.935119014128508, -0.6990704584444847], 0.1648433917604634],
  [{ l1: 1, l2: 0 }, [0.6076905101644725, 1.7056540476943933, 0], 0.03598287723967294],
  [{ l1: 1, l2: 1 }, [0.3220808102751211, 0.8884079677962057, -0.14235697392520935], 0.006752238259778165],
])('logistic with %j equals scikit-learn', async (options, weights, intercept) => {
  const model = await fitted(logistic.definition, rowsOf({ a, b, c }, yesOrNo), { target: boolean, options });
  expect(weightsOf(model)).toEqual([
    { intercept: expect.closeTo(intercept, 5) as number, weights: near(weights, 5) },
  ]);
});

test('multinomial logistic equals scikit-learn', async () => {
  const model = await fitted(logistic.definition, rowsOf({ a, b, c }, classes), { target: ofClasses });
  const predictor = await open(logistic.definition, model);
  const predictions = await predictor.predict(matrixOf({ a: [3.5, 8], b: [2.5, 8], c: [0.45, 0.2] }));
  expect(predictions).toEqual([
    {
      kind: 'class',
      value: 'low',
      probability: expect.closeTo(0.6926252922911091, 5) as number,
      probabilities: {
        low: expect.closeTo(0.6926252922911091, 5) as number,
        middle: expect.closeTo(0.1791598736131505, 5) as number,
        high: expect.closeTo(0.1282148340957404, 5) as number,
      },
    },
    expect.objectContaining({ value: 'high', probability: expect.closeTo(0.7200130709742849, 5) as number }),
  ]);
});

test.each<{
  readonly definition: TrainerDefinition;
  readonly values: readonly number[];
  readonly target: Target;
}>([
  { definition: linear.definition, values: amounts, target: number },
  { definition: logistic.definition, values: yesOrNo, target: boolean },
  { definition: logistic.definition, values: classes, target: ofClasses },
])('contributions to a $target.kind add up to the prediction', async ({ definition, values, target }) => {
  const predictor = await open(definition, await fitted(definition, rowsOf({ a, b, c }, values), { target }));
  const matrix = matrixOf({ a: [2, Number.NaN], b: [7, 1], c: [0.5, 0.1] });
  const predictions = (await predictor.predict(matrix)).map(numbersOf);
  const explanations = (await predictor.explain?.(matrix)) ?? [];
  const summed = explanations.map((explanation) => {
    const scores = ('classes' in explanation ? explanation.classes : [explanation]).map(
      ({ baseline, contributions }) => contributions.reduce((sum, one) => sum + one, baseline),
    );
    if (target.kind === 'number') return scores;
    const powers = (target.kind === 'boolean' ? [0, ...scores] : scores).map(Math.exp);
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  });
  expect(summed).toEqual(predictions.map((row) => near(row, 10)));
});

/** The number, or the probabilities in the order of the classes. */
function numbersOf(prediction: Prediction): readonly number[] {
  if (prediction.kind === 'number') return [prediction.value];
  return prediction.kind === 'class' ? Object.values(prediction.probabilities) : [];
}

test('a missing value counts as the mean, in training and in predictions, and is reported', async () => {
  const gaps = rowsOf({ a: [1, 2, 3, Number.NaN, 5, 6, 7, 8, 9, Number.NaN], b, c }, amounts);
  const filled = rowsOf({ a: [1, 2, 3, 41 / 8, 5, 6, 7, 8, 9, 41 / 8], b, c }, amounts);
  const model = await fitted(linear.definition, gaps, { target: number });
  expect(model.fittedParams).toEqual({ 'features with missing values': 1 });
  expect((await fitted(linear.definition, numbers, { target: number })).fittedParams).toBeUndefined();
  const predictor = await open(linear.definition, model);
  const [missing, mean] = await predictor.predict(
    matrixOf({ a: [Number.NaN, 41 / 8], b: [2, 2], c: [0.3, 0.3] }),
  );
  expect(missing).toEqual(mean);
  const ofFilled = readLinear(
    (await fitted(linear.definition, filled, { target: number })).files[0]?.bytes ?? new Uint8Array(),
  );
  expect(ofFilled.means[0]).toBe(41 / 8);
});

test('constant, collinear and all-missing columns give a finite model', async () => {
  const columns = {
    a,
    twice: a.map((value) => value * 2),
    flat: a.map(() => 0.1),
    gone: a.map(() => Number.NaN),
  };
  for (const l2 of [0, 1]) {
    const model = await fitted(linear.definition, rowsOf(columns, amounts), {
      target: number,
      options: { l2 },
    });
    const [output] = weightsOf(model);
    const [one, other, flat, gone] = output?.weights ?? [];
    expect(one).toBeCloseTo(other ?? Number.NaN, 4);
    expect([flat, gone]).toEqual([0, 0]);
  }
  const likely = await fitted(logistic.definition, rowsOf(columns, yesOrNo), { target: boolean });
  expect(weightsOf(likely)[0]?.weights.every(Number.isFinite)).toBe(true);
});

test('a constant target is predicted as it is', async () => {
  const model = await fitted(
    linear.definition,
    rowsOf(
      { a, b },
      a.map(() => 7),
    ),
    { target: number },
  );
  const [row] = await (await open(linear.definition, model)).predict(matrixOf({ a: [99], b: [-5] }));
  expect(row).toEqual({ kind: 'number', value: 7 });
  expect(model.importances).toEqual({ a: 0, b: 0 });
});

test('separable classes give finite weights', async () => {
  const model = await fitted(
    logistic.definition,
    rowsOf(
      { a },
      a.map((value) => Number(value > 5)),
    ),
    {
      target: boolean,
      options: { l2: 0 },
    },
  );
  expect(Number.isFinite(weightsOf(model)[0]?.weights[0])).toBe(true);
});

test('a class without training rows has a small probability', async () => {
  const model = await fitted(
    logistic.definition,
    rowsOf(
      { a },
      yesOrNo.map((value) => value * 2),
    ),
    { target: ofClasses },
  );
  const [row] = await (await open(logistic.definition, model)).predict(matrixOf({ a: [5.5] }));
  const { probabilities } = row?.kind === 'class' ? row : { probabilities: {} as Record<string, number> };
  expect(probabilities['middle']).toBeCloseTo(0.05 / 1.05, 2);
});

test.each<{
  readonly what: string;
  readonly values: readonly number[];
  readonly outcomes: readonly number[];
  readonly target: Target;
  readonly message: RegExp;
}>([
  {
    what: 'an infinite feature',
    values: [1, Number.POSITIVE_INFINITY],
    outcomes: [1, 2],
    target: number,
    message: /feature a must be finite for a linear model.*\(got Infinity\)/,
  },
  {
    what: 'a NaN target',
    values: [1, 2],
    outcomes: [1, Number.NaN],
    target: number,
    message: /target of training row 2 must be a finite number \(got NaN\)/,
  },
  {
    what: 'no rows',
    values: [],
    outcomes: [],
    target: number,
    message: /number of training rows must be at least 1 \(got 0\)/,
  },
  {
    what: 'one outcome',
    values: [1, 2],
    outcomes: [1, 1],
    target: boolean,
    message: /must have at least two classes to learn from \(got "yes"\)/,
  },
  {
    what: 'one class',
    values: [1, 2],
    outcomes: [2, 2],
    target: ofClasses,
    message: /must have at least two classes to learn from \(got "high"\)/,
  },
])('$what is refused', async ({ values, outcomes, target, message }) => {
  const { definition } = target.kind === 'number' ? linear : logistic;
  await expect(fitted(definition, rowsOf({ a: values }, outcomes), { target })).rejects.toThrow(message);
});

test('two rows are enough', async () => {
  const model = await fitted(linear.definition, rowsOf({ a: [1, 2] }, [10, 20]), {
    target: number,
    options: { l2: 0 },
  });
  const [row] = await (await open(linear.definition, model)).predict(matrixOf({ a: [2] }));
  expect(row).toEqual({ kind: 'number', value: expect.closeTo(20, 5) as number });
});

test('many features are fitted without normal equations, to the same minimum', async () => {
  const random = seededRandom(3);
  const names = Array.from({ length: 1001 }, (_, index) => `f${index}`);
  const columns = Object.fromEntries(names.map((name) => [name, a.map(() => random())]));
  const few = Object.fromEntries(Object.entries(columns).slice(0, 1000));
  const many = { ...few, f1000: a.map(() => 1) };
  const options = { l2: 3 };
  const exact = weightsOf(await fitted(linear.definition, rowsOf(few, amounts), { target: number, options }));
  const descended = weightsOf(
    await fitted(linear.definition, rowsOf(many, amounts), { target: number, options }),
  );
  for (const [index, weight] of (exact[0]?.weights ?? []).entries())
    expect(descended[0]?.weights[index]).toBeCloseTo(weight, 5);
});

test('validation rows are predicted by a model of the training rows alone', async () => {
  const train = rowsOf({ a: a.slice(0, 6) }, amounts.slice(0, 6));
  const validation = rowsOf({ a: a.slice(6) }, amounts.slice(6));
  const context = { target: number, interval: 0.8, progress: (): void => undefined };
  const both = await linear.definition.fit({ l2: 1 }, { train, validation }, context);
  const alone = await open(linear.definition, await fitted(linear.definition, train, { target: number }));
  expect(both.heldOut).toEqual(await alone.predict(validation.matrix));
  const trial = await linear.definition.trial?.({ l2: 1 }, { train, validation }, context);
  expect(trial?.heldOut).toEqual(both.heldOut);
  expect(trial?.loss).toBe(trial?.metrics['rmse']);
});

test.each([
  '{}',
  'not JSON',
  '{"format":1,"target":{"kind":"number"},"features":["a"],"means":[],"deviations":[1],"outputs":[{"intercept":1,"weights":[1]}]}',
])('a damaged file is refused: %s', (text) => {
  expect(() => readLinear(new TextEncoder().encode(text))).toThrow(
    /This build reads format 1 of linear models/,
  );
});
