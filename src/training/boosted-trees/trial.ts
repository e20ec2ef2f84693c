import type { Target } from '../../project/kind.ts';
import type { TrainingRows } from '../../project/trainer.ts';
import { metricsOf, type ScoredRows } from '../metrics/metrics-of.ts';
import { respond } from './objective.ts';
import { predictColumns, type Trees } from './trees.ts';

/** The metrics of a trial on its validation rows, and the one that the search lowers. */
export interface Measured {
  readonly metrics: Readonly<Record<string, number>>;
  readonly loss: number;
}

export function measure(trees: Trees, rows: TrainingRows, target: Target): Measured {
  const measured = Object.entries(metricsOf(scored(trees, rows, target)));
  const metrics = Object.fromEntries(measured.filter(([, value]) => Number.isFinite(value)));
  return { metrics, loss: metrics[target.kind === 'number' ? 'rmse' : 'logLoss'] ?? Number.NaN };
}

function scored(trees: Trees, { matrix, target: truth }: TrainingRows, target: Target): ScoredRows {
  const outputs = trees.bases.length;
  const margins = predictColumns(trees, matrix.columns, matrix.rows);
  const responses = respond(trees.objective, margins, outputs);
  switch (target.kind) {
    case 'number': {
      const bounds = new Float32Array(matrix.rows).fill(Number.NaN);
      return { kind: 'number', truth, predicted: responses, low: bounds, high: bounds };
    }
    case 'boolean':
      return { kind: 'boolean', truth, probability: responses };
    case 'class': {
      const ofClass = (_: string, at: number): Float32Array =>
        new Float32Array(matrix.rows).map((_value, row) => responses[row * outputs + at] as number);
      return { kind: 'class', truth, probabilities: target.classes.map(ofClass) };
    }
  }
}
