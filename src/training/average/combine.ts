import { PlatformError } from '../../kernel/errors.ts';
import { booleanPrediction, classPrediction } from '../../project/models/class-prediction.ts';
import type { ClassPrediction, Prediction } from '../../project/models/prediction.ts';
import type { Contributions, Explanation } from '../../project/models/predictor.ts';
import { probabilityContributions } from '../explanation.ts';

/** A prediction of one part, and its share in the average; shares sum to 1. */
export interface Weighted<Value> {
  readonly share: number;
  readonly of: Value;
}

/** The mean of numbers, or of the probabilities of classes. Intervals of parts are left out: they do not average. */
export function averagePredictions(parts: readonly Weighted<Prediction>[]): Prediction {
  const numbers = parts.flatMap(({ share, of }) => (of.kind === 'number' ? [share * of.value] : []));
  if (numbers.length === parts.length) return { kind: 'number', value: sum(numbers) };
  const classes = parts.flatMap(({ share, of }) => (of.kind === 'class' ? [{ share, of }] : []));
  if (classes.length === parts.length) return averageClasses(classes);
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'predictions of the trainers of an average',
    value: [...new Set(parts.map(({ of }) => of.kind))],
    remedy: 'must all be numbers or all be classes',
  });
}

function averageClasses(parts: readonly Weighted<ClassPrediction>[]): ClassPrediction {
  const [first] = parts;
  const names = Object.keys(first?.of.probabilities ?? {});
  const shares = names.map((name) =>
    sum(parts.map(({ share, of }) => share * (of.probabilities[name] ?? Number.NaN))),
  );
  if (typeof first?.of.value === 'boolean')
    return booleanPrediction(shares[names.indexOf('true')] ?? Number.NaN);
  return classPrediction(names, shares);
}

/** The mean of contributions. Classes are averaged as probabilities. */
export function averageExplanations(parts: readonly Weighted<Explanation>[]): Explanation {
  const numbers = parts.flatMap(({ share, of }) => ('classes' in of ? [] : [{ share, of }]));
  if (numbers.length === parts.length) return mean(numbers);
  const classes = parts.flatMap(({ share, of }) =>
    'classes' in of
      ? [{ share, of: of.scale === 'probability' ? of.classes : toProbabilities(of.classes) }]
      : [],
  );
  const count = classes[0]?.of.length ?? 0;
  return {
    scale: 'probability',
    classes: Array.from({ length: count }, (_, index) =>
      mean(classes.map(({ share, of }) => ({ share, of: of[index] as Contributions }))),
    ),
  };
}

function toProbabilities(classes: readonly Contributions[]): readonly Contributions[] {
  return classes.map((_, index) => probabilityContributions(classes, index));
}

function mean(parts: readonly Weighted<Contributions>[]): Contributions {
  const contributions = new Float64Array(parts[0]?.of.contributions.length ?? 0);
  for (const { share, of } of parts)
    for (const [feature, one] of of.contributions.entries())
      contributions[feature] = (contributions[feature] as number) + share * one;
  return { baseline: sum(parts.map(({ share, of }) => share * of.baseline)), contributions };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
