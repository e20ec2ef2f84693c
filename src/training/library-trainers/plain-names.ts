import { replaceCharacters } from '../boosted-trees/xgboost-names.ts';

/**
 * Feature names of letters, digits and underscores: LightGBM refuses the characters of JSON and changes white space.
 * @returns one name for each feature, all different
 * @example plainNames(['overs left', 'pace']) // ['overs_left', 'pace']
 */
export function plainNames(features: readonly string[]): readonly string[] {
  return replaceCharacters(features, /[^\p{L}\p{N}_]/gu);
}
