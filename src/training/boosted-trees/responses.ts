import type { ClassPrediction, Prediction } from '../../project/prediction.ts';
import type { Contributions, Explanation } from '../../project/predictor.ts';
import { isYes } from '../metrics/boolean.ts';
import { likeliest } from '../metrics/class.ts';
import { explainPower } from './explain.ts';
import type { Interval } from './interval.ts';
import type { Objective } from './objective.ts';
import { predictColumns, type Trees } from './trees.ts';

/** How the responses of a kind of target become predictions, and the explanations of its margins one explanation. */
export interface Responses {
  /** @param responses of every row, one row after another */
  predictions(responses: Float32Array, columns: readonly Float32Array[]): readonly Prediction[];
  explain(margins: readonly Contributions[]): Explanation;
}

/** Numbers, with an interval whose width another model predicts. */
export function numberResponses(
  objective: Objective,
  scaleTrees: Trees,
  { low, high, level, floor }: Interval,
): Responses {
  return {
    predictions(values, columns) {
      const scales = predictColumns(scaleTrees, columns, values.length);
      return Array.from(values, (value, row): Prediction => {
        const scale = Math.max(floor, scales[row] ?? floor);
        return {
          kind: 'number',
          value,
          interval: { low: value + low * scale, high: value + high * scale, level },
        };
      });
    },
    explain([margin]) {
      const explanation = margin as Contributions;
      return objective === 'count:poisson' ? explainPower(explanation) : explanation;
    },
  };
}

/** Yes or no, by the probability of yes. */
export const booleanResponses: Responses = {
  predictions: (probabilities) =>
    Array.from(probabilities, (yes): ClassPrediction => {
      const value = isYes(yes);
      return {
        kind: 'class',
        value,
        probability: value ? yes : 1 - yes,
        probabilities: { true: yes, false: 1 - yes },
      };
    }),
  explain: (margins) => ({ scale: 'log-odds', classes: margins }),
};

/** The most probable of several classes, the first among equals. */
export function classResponses(classes: readonly string[]): Responses {
  return {
    predictions(probabilities) {
      const rows = probabilities.length / classes.length;
      return Array.from({ length: rows }, (_, row): ClassPrediction => {
        const shares = probabilities.subarray(row * classes.length, (row + 1) * classes.length);
        const best = likeliest([...shares]);
        return {
          kind: 'class',
          value: classes[best] as string,
          probability: shares[best] as number,
          probabilities: Object.fromEntries(classes.map((name, at) => [name, shares[at] as number])),
        };
      });
    },
    explain: (margins) => ({ scale: 'log-odds', classes: margins }),
  };
}
