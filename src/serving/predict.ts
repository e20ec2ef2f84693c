import { PlatformError } from '../kernel/errors.ts';
import type { Features } from '../project/model.ts';
import { featuresOf, vectorOf } from '../lifecycle/feature-code.ts';
import { validate } from './validate.ts';
import type { ServedVersion } from './version.ts';

export interface Contribution {
  readonly feature: string;
  /** What the feature function made of the request; NaN when missing. */
  readonly value: number;
  /** In the target's unit. */
  readonly contribution: number;
}

/** An answer with its reasons: baseline and contributions sum to the value. */
export interface Answered {
  readonly features: Features;
  readonly value: number;
  readonly interval: { readonly low: number; readonly high: number; readonly level: number };
  readonly baseline: number;
  /** The strongest first. */
  readonly contributions: readonly Contribution[];
}

/**
 * Answers one request by one version. It has never heard of HTTP, aliases or logs.
 * @throws PlatformError INPUT_INVALID naming every wrong field; USER_CODE_FAILED when the version's own code throws
 */
export function answer(request: unknown, { code, manifest, predictor }: ServedVersion): Answered {
  const valid = validate(request, code.request, manifest.request);
  const features = ownCode(() => featuresOf(code, valid), manifest.model);
  const vector = vectorOf(features, predictor.features);
  const { value, interval } = predictor.answer(vector);
  if (!Number.isFinite(value))
    throw new PlatformError('INTERNAL', {
      field: 'prediction',
      value,
      remedy: 'The model answered no number; the version cannot be trusted.',
    });
  const { baseline, contributions } = predictor.explain(vector);
  return {
    features,
    value,
    interval,
    baseline,
    contributions: predictor.features
      .map((feature, place) => ({
        feature,
        value: features[feature] ?? Number.NaN,
        contribution: contributions[place] ?? 0,
      }))
      .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  };
}

/** Runs the code that came with the version; what it throws is no fault of the caller's. */
function ownCode<Value>(run: () => Value, model: string): Value {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new PlatformError(
      'USER_CODE_FAILED',
      {
        field: `features of ${model}`,
        value: String(cause),
        remedy: 'The version throws for this request: mend the features function and train again.',
      },
      { cause },
    );
  }
}
