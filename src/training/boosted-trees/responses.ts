import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Contributions, Explanation } from '../../project/models/predictor.ts';
import type { Matrix } from '../../project/models/trainer.ts';
import { predictionsOf } from '../predictions-of.ts';
import { explainPower } from './explain.ts';
import type { Interval } from './interval.ts';
import { type Objective, respond } from './objective.ts';
import { openScorer } from './scorer.ts';
import type { Trees } from './trees.ts';

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
  const scoreScale = openScorer(scaleTrees);
  return {
    predictions(values, columns) {
      const scales = scoreScale(columns, values.length);
      return Array.from(values, (value, row): Prediction => {
        const scale = Math.max(floor, scales[row] ?? floor);
        return {
          kind: 'number',
          value,
          interval: { low: value + low * scale, high: value + high * scale, level },
        };
      });
    },
    explain: (margins) => explainNumber(objective, margins),
  };
}

/** Numbers without an interval. */
export function plainNumberResponses(objective: Objective): Responses {
  return {
    predictions: (values) => predictionsOf({ kind: 'number' }, values),
    explain: (margins) => explainNumber(objective, margins),
  };
}

function explainNumber(objective: Objective, [margin]: readonly Contributions[]): Explanation {
  const explanation = margin as Contributions;
  return objective === 'count:poisson' ? explainPower(explanation) : explanation;
}

/** Yes or no, by the probability of yes. */
export const booleanResponses: Responses = {
  predictions: (probabilities) => predictionsOf({ kind: 'boolean' }, probabilities),
  explain: (margins) => ({ scale: 'log-odds', classes: margins }),
};

/** The most probable of several classes, the first among equals. */
export function classResponses(classes: readonly string[]): Responses {
  return {
    predictions: (probabilities) => predictionsOf({ kind: 'class', classes }, probabilities),
    explain: (margins) => ({ scale: 'log-odds', classes: margins }),
  };
}

/** The predictions of a model that has no interval yet. */
export function predictPlain(trees: Trees, { columns, rows }: Matrix, target: Target): readonly Prediction[] {
  const margins = openScorer(trees)(columns, rows);
  return predictionsOf(target, respond(trees.objective, margins, trees.bases.length));
}
