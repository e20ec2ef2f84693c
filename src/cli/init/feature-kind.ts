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

/**
 * Of a text's values: with more, each is the code of a category instead of a feature. Trees divide the categories of a
 * column at once, where features need a split for each value and half of the training's time.
 */
const mostFeatures = 2;

/** Whether a row of the project has it as text. */
export function isText(column: InferredColumn): boolean {
  return ['choice', 'category', 'clock'].includes(featureKind(column));
}

/** Names of features must differ in more than case. */
function differInCaseOnly(values: InferredColumn['values']): boolean {
  return new Set(values.map(({ text }) => text.toLowerCase())).size < values.length;
}

/** The trees take 255 codes. */
const mostCategories = 200;

/** The values that have a feature or a code of their own: two in the order of the alphabet; of more, the commonest first. */
export function knownValues(column: InferredColumn): readonly string[] {
  const texts = column.values.map(({ text }) => text);
  return featureKind(column) === 'category' ? texts.slice(0, mostCategories) : texts.toSorted();
}
