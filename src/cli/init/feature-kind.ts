import { isCategory } from './choose/roles.ts';
import type { InferredColumn } from './column.ts';

/** How a column becomes features. */
export type FeatureKind = 'number' | 'boolean' | 'choice' | 'category' | 'date' | 'clock';

export function featureKind(column: InferredColumn): FeatureKind {
  if (isCategory(column)) return 'category';
  if (column.dates) return 'date';
  if (column.type === 'boolean') return 'boolean';
  if (column.type !== 'string') return 'number';
  if (column.isClock) return 'clock';
  return column.distinct <= mostFeatures && !differInCaseOnly(column.values) ? 'choice' : 'category';
}

/** Of a text's values: with more, each is the code of a category instead of a feature. */
const mostFeatures = 12;

/** Whether a row of the project has it as text. */
export function isText(column: InferredColumn): boolean {
  return ['choice', 'category', 'clock'].includes(featureKind(column));
}

/** Names of features must differ in more than case. */
function differInCaseOnly(values: InferredColumn['values']): boolean {
  return new Set(values.map(({ text }) => text.toLowerCase())).size < values.length;
}

/** The values that have a feature or a number of their own. */
export interface KnownValues {
  readonly texts: readonly string[];
  /** The feature of all rare values together, if there are any. */
  readonly other?: string | undefined;
}

/** The trees take 255 codes. */
const mostCategories = 200;
/** Of the lines with a value: with fewer, its feature teaches nothing. */
const fewestLines = 3;

/** A few values in the order of the alphabet; of many, the commonest first. */
export function knownValues(column: InferredColumn): KnownValues {
  if (featureKind(column) === 'category')
    return { texts: column.values.slice(0, mostCategories).map(({ text }) => text) };
  const common = column.values.filter(({ count }) => count >= fewestLines);
  const listed = common.length > 1 ? common : column.values;
  const texts = listed.map(({ text }) => text).toSorted();
  if (listed.length === column.values.length) return { texts };
  const taken = texts.map((text) => text.toLowerCase());
  return {
    texts,
    other: ['other', 'another', 'rare'].find((name) => !taken.includes(name)) ?? 'other value',
  };
}
