import type { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import type { Features } from '../project/model.ts';

/** What a version answers with besides its trees: the schema of a request and the function that makes numbers of it. */
export interface FeatureCode {
  readonly request: z.ZodObject;
  readonly features: (request: unknown) => Features;
}

/**
 * The features of a request that its schema has passed.
 * @throws what the project's function throws; PlatformError USER_CODE_FAILED when it answers something else than numbers
 */
export function featuresOf(code: FeatureCode, request: unknown): Features {
  const features: unknown = code.features(request);
  if (!isFilled(features))
    throw new PlatformError('USER_CODE_FAILED', {
      field: 'features',
      value: features,
      remedy:
        'The features function answers an object with a number for each name, at once: it is not async.',
    });
  for (const [name, value] of Object.entries(features)) {
    if (typeof value === 'number') continue;
    throw new PlatformError('USER_CODE_FAILED', {
      field: `feature ${name}`,
      value,
      remedy: 'The features function answers numbers only; give NaN for a missing value.',
    });
  }
  return features as Features;
}

function isFilled(features: unknown): features is object {
  return typeof features === 'object' && features !== null && Object.keys(features).length > 0;
}

/** The values in the order of `names`. @throws PlatformError USER_CODE_FAILED when the names are not the same set */
export function vectorOf(features: Features, names: readonly string[]): Float32Array {
  const extra = Object.keys(features).find((name) => !names.includes(name));
  if (extra !== undefined)
    throw new PlatformError('USER_CODE_FAILED', {
      field: `feature ${extra}`,
      value: features[extra],
      remedy: `The features function must answer the same names every time (${names.join(', ')}).`,
    });
  return Float32Array.from(names, (name) => {
    const value = features[name];
    if (value !== undefined) return value;
    throw new PlatformError('USER_CODE_FAILED', {
      field: `feature ${name}`,
      value: undefined,
      remedy: 'The features function must answer the same names every time; give NaN for a missing value.',
    });
  });
}
