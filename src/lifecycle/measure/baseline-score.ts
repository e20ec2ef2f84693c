import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/models/kind.ts';

/**
 * What a baseline's function returned, in the order of `scoreColumns`.
 * @throws PlatformError USER_CODE_FAILED for something else than the target's kind needs
 */
export function baselineScore(target: Target, name: string, score: unknown): readonly number[] {
  switch (target.kind) {
    case 'number':
      if (typeof score === 'number' && Number.isFinite(score)) return [score, Number.NaN, Number.NaN];
      throw wrongScore(name, score, 'must return a finite number');
    case 'boolean':
      if (isProbability(score)) return [score];
      throw wrongScore(name, score, 'must return the probability of yes, from 0 to 1');
    case 'class': {
      const given: Readonly<Record<string, unknown>> =
        typeof score === 'object' && score !== null ? { ...score } : {};
      const probabilities = target.classes.map((each) => given[each]).filter(isProbability);
      const sum = probabilities.reduce((total, value) => total + value, 0);
      if (probabilities.length === target.classes.length && Math.abs(sum - 1) < 1e-6) return probabilities;
      throw wrongScore(
        name,
        score,
        `must return a probability of each class (${target.classes.join(', ')}), which sum to 1`,
      );
    }
  }
}

function isProbability(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 1;
}

function wrongScore(name: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('USER_CODE_FAILED', { field: `baselines.${name}`, value, remedy });
}
