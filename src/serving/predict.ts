import { PlatformError } from '../kernel/errors.ts';
import type { Features } from '../project/model.ts';
import { featuresOf, vectorOf } from '../lifecycle/feature-code.ts';
import type { Predictor } from '../training/trainer.ts';
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
  const valid = ownCode(`request of ${manifest.model}`, () =>
    validate(request, code.request, manifest.request),
  );
  const features = ownCode(`features of ${manifest.model}`, () => featuresOf(code, valid));
  const { value, interval } = predictor.answer(vectorOf(features, predictor.features));
  if (!Number.isFinite(value))
    throw new PlatformError('INTERNAL', {
      field: 'prediction',
      value,
      remedy: 'The model answered no number; the version cannot be trusted.',
    });
  return { features, value, interval, ...reasonsFor(features, predictor) };
}

/** Why a version answers these features as it does. @throws PlatformError USER_CODE_FAILED for features of another version */
export function reasonsFor(
  features: Features,
  predictor: Predictor,
): Pick<Answered, 'baseline' | 'contributions'> {
  const { baseline, contributions } = predictor.explain(vectorOf(features, predictor.features));
  return {
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
function ownCode<Value>(field: string, run: () => Value): Value {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new PlatformError(
      'USER_CODE_FAILED',
      {
        field,
        value: String(cause),
        remedy: 'The code of the version throws for this request: mend it in the project and train again.',
      },
      { cause },
    );
  }
}
