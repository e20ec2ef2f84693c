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
  const features = code.features(request);
  for (const [name, value] of Object.entries(features)) {
    if (typeof value === 'number') continue;
    throw new PlatformError('USER_CODE_FAILED', {
      field: `feature ${name}`,
      value,
      remedy: 'The features function answers numbers only; give NaN for a missing value.',
    });
  }
  return features;
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
