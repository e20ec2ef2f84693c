import { reasonsByFeature, reasonsOf } from '../../api/reasons.ts';
import type { ExplanationView, LookupView, PredictionView } from '../../api/views.ts';
import {
  formatNumber,
  formatRange,
  formatShare,
  formatSigned,
  withUnit,
} from '../../kernel/format-number.ts';
import { paint, type Terminal } from './terminal.ts';

/**
 * A prediction in one line, the fields that training saw no such value of, its explanation where there is one, and where it
 * came from.
 * @param byFeature whether features are listed instead of the fields of the request @default false
 */
export function formatPrediction(
  prediction: PredictionView,
  terminal: Terminal,
  { byFeature = false }: { readonly byFeature?: boolean } = {},
): string {
  const { explanation, model, version, predictionId, unit } = prediction;
  return [
    formatValue(prediction, (text) => paint(text, 'bold', terminal)),
    ...formatWarnings(prediction, terminal),
    ...(explanation ? formatExplanation(explanation, { unit, byFeature }) : []),
    `${model} version ${version}, prediction ${predictionId}`,
  ].join('\n');
}

/** 'warning: Rooms: Outside what the model learned from: 1 to 7.' */
export function formatWarnings(
  { warnings }: Pick<PredictionView, 'warnings'>,
  terminal: Terminal,
): readonly string[] {
  return warnings.map(
    ({ title, message }) => `${paint('warning:', 'yellow', terminal)} ${title}: ${message}`,
  );
}

/** '231 runs, 80% interval 210–260', 'yes, probability 83%', 'team, probability 61% (free 30%, business 9%)'. */
export function formatValue(
  prediction: Pick<PredictionView, 'unit'> & ValueOf<PredictionView>,
  emphasise: (text: string) => string = (text) => text,
): string {
  const unit = prediction.unit ? ` ${prediction.unit}` : '';
  switch (prediction.kind) {
    case 'number':
      return `${emphasise(formatNumber(prediction.prediction))}${unit}${formatInterval(prediction.interval)}`;
    case 'class':
      return `${emphasise(formatClass(prediction.prediction))}, probability ${formatShare(prediction.probability)}${formatOthers(prediction)}`;
    case 'forecast':
      return formatPoints(prediction, unit, emphasise);
  }
}

type ValueOf<View> = View extends { readonly kind: string }
  ? Pick<
      View,
      Extract<
        keyof View,
        'kind' | 'prediction' | 'interval' | 'probability' | 'probabilities' | 'points' | 'level'
      >
    >
  : never;

function formatPoints(
  { points, level }: Extract<ValueOf<PredictionView>, { readonly kind: 'forecast' }>,
  unit: string,
  emphasise: (text: string) => string,
): string {
  return points
    .map(({ time, prediction, low, high }) => {
      const interval = level === undefined ? undefined : { low, high, level };
      return `${time}  ${emphasise(formatNumber(prediction))}${unit}${formatInterval(interval)}`;
    })
    .join('\n');
}

function formatClass(value: string | boolean): string {
  return typeof value === 'string' ? value : value ? 'yes' : 'no';
}

const mostClasses = 5;

/** The other classes of several, the most probable first. */
function formatOthers({
  prediction,
  probabilities,
}: {
  readonly prediction: string | boolean;
  readonly probabilities: Readonly<Record<string, number>>;
}): string {
  if (typeof prediction === 'boolean') return '';
  const others = Object.entries(probabilities)
    .filter(([name]) => name !== prediction)
    .toSorted((a, b) => b[1] - a[1]);
  const listed = others.slice(0, mostClasses).map(([name, share]) => `${name} ${formatShare(share)}`);
  const rest = others.length > mostClasses ? [`${others.length - mostClasses} more`] : [];
  return others.length === 0 ? '' : ` (${[...listed, ...rest].join(', ')})`;
}

function formatInterval(
  interval: { readonly low: number; readonly high: number; readonly level: number } | undefined,
): string {
  return interval
    ? `, ${formatShare(interval.level)} interval ${formatRange(interval.low, interval.high, null)}`
    : '';
}

/** Contributions below this share of the largest round to nothing. */
const leastShare = 0.001;

/** A line for each field of the request, or for each feature, the strongest first; with the first line they sum to the prediction. */
export function formatExplanation(
  explanation: ExplanationView,
  { unit, byFeature }: { readonly unit: string | null; readonly byFeature: boolean },
): readonly string[] {
  const { scale, of, baseline } = explanation;
  const isShare = scale === 'probability';
  const reasons = byFeature ? reasonsByFeature(explanation) : reasonsOf(explanation);
  const largest = Math.max(0, ...reasons.map(({ contribution }) => Math.abs(contribution)));
  const amountOf = (value: number): string =>
    isShare ? `${formatSigned(value * 100, largest * 100)} points` : formatSigned(value, largest);
  const rows = reasons
    .filter(({ contribution }) => Math.abs(contribution) > leastShare * largest)
    .map(({ title, given, contribution }) => ({ title, given, amount: amountOf(contribution) }));
  const widthOf = (column: 'title' | 'given' | 'amount'): number =>
    Math.max(0, ...rows.map((row) => row[column].length));
  const [titles, values, amounts] = [widthOf('title'), widthOf('given'), widthOf('amount')];
  return [
    isShare
      ? `  from a baseline of ${formatShare(baseline)}, the probability of ${formatOf(of)}`
      : `  from an average of ${withUnit(baseline, unit)}`,
    ...rows.map(
      ({ title, given, amount }) =>
        `  ${title.padEnd(titles)}  ${given.padEnd(values)}  ${amount.padStart(amounts)}`,
    ),
  ];
}

/** Yes and no have the class names 'true' and 'false'. */
function formatOf(name = ''): string {
  if (name === 'false') return 'no';
  return name === 'true' ? 'yes' : name;
}

/** 'host (team "BOS", before 2024-01-09): elo 1510, since 2024-01-02' */
export function formatLookup({ lookup, key, before, at, values }: LookupView): string {
  const time = new Date(before).toISOString().replace('T00:00:00.000Z', '');
  const since = at === null ? 'initial values' : `since ${at}`;
  const result = values === null ? 'nothing known' : `${listed(values)}, ${since}`;
  return `${lookup} (${listed(key)}, before ${time}): ${result}`;
}

function listed(values: LookupView['key']): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
}
