import type { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { Features } from '../../project/models/model.ts';
import type { Matrix } from '../../project/models/trainer.ts';

/** The code that a version needs besides its model: the request schema and the feature function. */
export interface FeatureCode {
  readonly request: z.ZodObject;
  readonly features: (request: unknown, lookups: LookedUp) => Features;
}

/** What was looked up for a request, by the names of the model's `lookups`. */
export type LookedUp = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

/**
 * The features of a valid request.
 * @throws errors of the project's function; PlatformError USER_CODE_FAILED for a value that is not a finite number
 */
export function featuresOf(
  code: Pick<FeatureCode, 'features'>,
  request: unknown,
  lookups: LookedUp = {},
): Features {
  return requireFeatures(code.features(request, lookups));
}

/** @throws PlatformError USER_CODE_FAILED for what is no object of finite numbers */
export function requireFeatures(features: unknown): Features {
  if (!isFilled(features))
    throw new PlatformError('USER_CODE_FAILED', {
      field: 'features',
      value: features,
      remedy:
        'The features function must return an object with a number for each name. It must not be async.',
    });
  for (const [name, value] of Object.entries(features)) {
    if (isFeatureValue(value)) continue;
    throw new PlatformError('USER_CODE_FAILED', {
      field: `feature ${name}`,
      value,
      remedy: 'must be a finite number within ±3.4e38; return NaN for a missing value',
    });
  }
  return features as Features;
}

/** Features are float32: a larger number would become Infinity, which is not a missing value. */
function isFeatureValue(value: unknown): boolean {
  return typeof value === 'number' && (Number.isNaN(value) || Number.isFinite(Math.fround(value)));
}

function isFilled(features: unknown): features is object {
  return typeof features === 'object' && features !== null && Object.keys(features).length > 0;
}

/** The values in the order of `names`. @throws PlatformError USER_CODE_FAILED if the names are not the same set */
export function vectorOf(features: Features, names: readonly string[]): Float32Array {
  const values = Float32Array.from(names, (name) => {
    if (Object.hasOwn(features, name)) return features[name] ?? Number.NaN;
    throw otherNames(name, undefined, names);
  });
  const given = Object.keys(features);
  if (given.length === names.length) return values;
  const expected = new Set(names);
  const extra = given.find((name) => !expected.has(name)) ?? '';
  throw otherNames(extra, features[extra], names);
}

/** Features of several requests as a matrix. @throws PlatformError USER_CODE_FAILED for another set of names */
export function matrixOf(rows: readonly Features[], names: readonly string[]): Matrix {
  const columns = names.map(() => new Float32Array(rows.length));
  const vectors = rows.map((features) => vectorOf(features, names));
  for (const [index, column] of columns.entries())
    for (const [row, vector] of vectors.entries()) column[row] = vector[index] ?? Number.NaN;
  return { features: names, rows: rows.length, columns };
}

/** Some rows of columns of features as a matrix. @throws PlatformError USER_CODE_FAILED for another set of names */
export function matrixOfColumns(
  columns: readonly (readonly [string, ArrayLike<unknown>])[],
  { names, rows }: { readonly names: readonly string[]; readonly rows: Int32Array },
): Matrix {
  const byName = new Map(columns);
  const expected = new Set(names);
  const extra = columns.find(([name]) => !expected.has(name));
  if (extra) throw otherNames(extra[0], Number(extra[1][0]), names);
  return {
    features: names,
    rows: rows.length,
    columns: names.map((name) => {
      const values = byName.get(name);
      if (!values) throw otherNames(name, undefined, names);
      return Float32Array.from(rows, (row) => Number(values[row]));
    }),
  };
}

function otherNames(name: string, value: unknown, names: readonly string[]): PlatformError {
  return new PlatformError('USER_CODE_FAILED', {
    field: `feature ${name}`,
    value,
    remedy: `The features function must return the same names every time: ${formatNames(names)}. Return NaN for a missing value.`,
  });
}
