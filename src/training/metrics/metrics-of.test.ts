import { expect, test } from 'vitest';
import { metricFacts } from '../../project/models/metric.ts';
import { booleanMetrics, reliability } from './boolean.ts';
import { classMetrics, likeliest } from './class.ts';
import { forecastMetrics } from './forecast.ts';
import { metricsOf, type ScoredRows } from './metrics-of.ts';

// Expected values: scikit-learn 1.9.1 (accuracy_score, log_loss, brier_score_loss, roc_auc_score, precision_score, recall_score, f1_score).
const yesOrNo = {
  truth: [0, 0, 1, 1, 1, 0, 1, 0, 0, 1],
  probability: [0.1, 0.4, 0.35, 0.8, 0.5, 0.5, 0.95, 0.3, 0.62, 0.62],
};
const classes = {
  truth: [0, 1, 2, 2, 1, 0],
  probabilities: [
    [0.7, 0.3, 0.1, 0.5, 0.4, 0.2],
    [0.2, 0.3, 0.2, 0.25, 0.4, 0.5],
    [0.1, 0.4, 0.7, 0.25, 0.2, 0.3],
  ],
};
const forecasts = {
  truth: [100, 0, 50, 8],
  predicted: [110, 0, 40, 8],
  low: [90, -1, 45, 0],
  high: [120, 1, 55, 6],
  scale: [5, 5, 0, Number.NaN],
};

test('metrics of yes or no equal those of scikit-learn', () => {
  const metrics = booleanMetrics(yesOrNo);
  expect(metrics.accuracy).toBeCloseTo(0.7, 12);
  expect(metrics.logLoss).toBeCloseTo(0.5129034241887583, 12);
  expect(metrics.brier).toBeCloseTo(0.17538, 12);
  expect(metrics.auc).toBeCloseTo(0.8, 12);
  expect(metrics.calibrationError).toBeCloseTo(0.114, 12);
  expect(metrics.precision).toBeCloseTo(0.75, 12);
  expect(metrics.recall).toBeCloseTo(0.6, 12);
  expect(metrics.f1).toBeCloseTo(2 / 3, 12);
});

test('one sure mistake has a finite log loss', () => {
  expect(booleanMetrics({ truth: [1, 0], probability: [0, 0] }).logLoss).toBeCloseTo(18.021826694558577, 12);
  expect(booleanMetrics({ truth: [1, 0], probability: [1, 0] }).logLoss).toBeCloseTo(0, 12);
});

test('a reliability plot has ten bins, and an edge belongs to the bin below it', () => {
  const bins = reliability({ truth: [1, 0, 1, 1], probability: [0, 0.1, 0.11, 1] });
  expect(bins.map(({ rows }) => rows)).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 1]);
  expect(bins[0]).toEqual({ rows: 2, meanProbability: 0.05, shareOfYes: 0.5 });
  expect(bins[2]?.shareOfYes).toBeNaN();
});

test('without both yes and no there is no AUC, and without a yes no recall', () => {
  const allNo = booleanMetrics({ truth: [0, 0], probability: [0.2, 0.7] });
  expect([allNo.auc, allNo.recall, allNo.precision, allNo.f1]).toEqual([Number.NaN, Number.NaN, 0, 0]);
  const noneFound = booleanMetrics({ truth: [0, 0], probability: [0.2, 0.3] });
  expect([noneFound.precision, noneFound.f1]).toEqual([Number.NaN, Number.NaN]);
  expect(booleanMetrics({ truth: [1, 1], probability: [0.2, 0.7] }).auc).toBeNaN();
});

test('metrics of classes equal those of scikit-learn', () => {
  const metrics = classMetrics(classes);
  expect(metrics.accuracy).toBeCloseTo(1 / 3, 12);
  expect(metrics.logLoss).toBeCloseTo(0.9715576162719245, 12);
  expect(metrics.brier).toBeCloseTo(0.5725, 12);
  expect(metrics.macroF1).toBeCloseTo(0.3, 12);
  const twoOfThree = classMetrics({
    truth: [0, 1, 0, 1],
    probabilities: [
      [1, 0, 0, 0],
      [0, 1, 1, 1],
      [0, 0, 0, 0],
    ],
  });
  expect(twoOfThree.macroF1).toBeCloseTo(0.7333333333333334, 12);
});

test('the first of equally likely classes is predicted', () => {
  expect(likeliest([0.4, 0.4, 0.2])).toBe(0);
  expect(likeliest([0.4, Number.NaN, 0.2])).toBeNaN();
});

test('errors of four forecast steps, by hand', () => {
  expect(forecastMetrics(forecasts)).toEqual({
    smape: (2000 / 210 + 0 + 2000 / 90 + 0) / 4,
    mase: (2 + 0) / 2,
    mae: 5,
    rmse: Math.sqrt(50),
    intervalCoverage: 0.75,
    intervalWidth: (30 + 2 + 10 + 6) / 4,
  });
  expect(forecastMetrics({ ...forecasts, scale: [0, 0, 0, 0] }).mase).toBeNaN();
});

test.each<[string, ScoredRows, number]>([
  ['number', { kind: 'number', truth: [], predicted: [], low: [], high: [] }, 6],
  ['boolean', { kind: 'boolean', truth: [], probability: [] }, 8],
  ['class', { kind: 'class', truth: [], probabilities: [[], []] }, 4],
  [
    'number',
    { kind: 'number', truth: [1], predicted: [Number.NaN], low: [Number.NaN], high: [Number.NaN] },
    6,
  ],
  ['boolean', { kind: 'boolean', truth: [1, 0], probability: [Number.NaN, 0.2] }, 8],
  [
    'class',
    {
      kind: 'class',
      truth: [1, 0],
      probabilities: [
        [0.2, Number.NaN],
        [0.8, 0.1],
      ],
    },
    4,
  ],
])('no metric of a %s is measured without rows or with a NaN', (_, scored, count) => {
  const metrics = Object.values(metricsOf(scored));
  expect(metrics).toEqual(Array.from({ length: count }, () => Number.NaN));
});

test('every metric of a kind has facts that name the kind', () => {
  const named = (kind: string): readonly string[] =>
    Object.entries(metricFacts)
      .filter(([, { kinds }]) => kinds.some((one) => one === kind))
      .map(([metric]) => metric)
      .toSorted();
  expect(Object.keys(metricsOf({ kind: 'number', ...forecasts })).toSorted()).toEqual(named('number'));
  expect(Object.keys(booleanMetrics(yesOrNo)).toSorted()).toEqual(named('boolean'));
  expect(Object.keys(classMetrics(classes)).toSorted()).toEqual(named('class'));
  expect(Object.keys(forecastMetrics(forecasts)).toSorted()).toEqual(named('forecast'));
});

test('probabilities outside 0 to 1 and lists of different lengths are refused', () => {
  expect(() => booleanMetrics({ truth: [1], probability: [1.2] })).toThrow(
    /probability must be from 0 to 1 \(got 1.2\)/,
  );
  expect(() => classMetrics({ truth: [0, 1], probabilities: [[1, 0], [0]] })).toThrow(
    /probability entries must be 2, one for each row \(got 1\)/,
  );
});
