import { expect, test } from 'vitest';
import type { Calibration } from '../../training/calibration/calibration.ts';
import { mlflowMetadata } from './mlflow-metadata.ts';

const format = 1 as const;

test('a plain number is as MLflow loads it', () => {
  const rule = { format, target: { kind: 'number' } } as const;
  expect(mlflowMetadata({ rule, transformed: false, target: 'price' })).toEqual({
    modelyard_target: { name: 'price', kind: 'number' },
  });
});

test('a class names its columns of probabilities, and what calibrates them', () => {
  const target = { kind: 'class', classes: ['a', 'b'] } as const;
  const curves: Calibration['curves'] = [
    { method: 'sigmoid', slope: 1.1, intercept: 0.2 },
    { method: 'none', reason: 'no validation row has this outcome' },
  ];
  const rule = { format, target, calibration: { curves } };
  expect(mlflowMetadata({ rule, transformed: false, target: 'plan' })).toEqual({
    modelyard_target: { name: 'plan', kind: 'class', classes: ['a', 'b'] },
    modelyard_calibration: { curves },
    modelyard_endpoint: 'The endpoint also calibrates the probabilities with modelyard_calibration.',
  });
  const none = { format, target, calibration: { curves: [{ method: 'none' as const }] } };
  expect(mlflowMetadata({ rule: none, transformed: false, target: 'plan' })).not.toHaveProperty(
    'modelyard_endpoint',
  );
});

test('a transform and an interval are what the endpoint adds', () => {
  const rule = { format, target: { kind: 'number' }, interval: { level: 0.8, low: -1, high: 1 } } as const;
  expect(mlflowMetadata({ rule, transformed: true, target: 'savings' })['modelyard_endpoint']).toBe(
    "The endpoint also applies the project's transform.inverse, which makes savings of the prediction, and adds an interval.",
  );
});
