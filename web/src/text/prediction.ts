import { formatShare, formatNumber, type PredictionView } from '../../../src/client/index.ts';
import { withUnit } from './numbers.ts';

/** A prediction in a few words: '170 runs', 'Yes', '7 values'. */
export function formatPrediction(prediction: PredictionView): string {
  switch (prediction.kind) {
    case 'number':
      return withUnit(prediction.prediction, prediction.unit);
    case 'class':
      return formatClass(prediction.prediction);
    case 'forecast':
      return `${prediction.points.length} ${prediction.points.length === 1 ? 'value' : 'values'}`;
  }
}

/** Its certainty: '153 to 188', '83% probability'; undefined without an interval or probability. */
export function formatCertainty(prediction: PredictionView): string | undefined {
  if (prediction.kind === 'class') return `${formatShare(prediction.probability)} probability`;
  if (prediction.kind === 'forecast' || !prediction.interval) return undefined;
  const { low, high } = prediction.interval;
  return `${formatNumber(low)} to ${formatNumber(high)}`;
}

export function formatClass(value: string | boolean): string {
  return typeof value === 'string' ? value : value ? 'Yes' : 'No';
}

/** Classes have text names in JSON: 'true' and 'false' for yes and no. */
export function formatClassName(name: string, of: { readonly prediction: string | boolean }): string {
  return typeof of.prediction === 'boolean' ? formatClass(name === 'true') : name;
}
