import type { ExplanationView, LookupView, PredictionView } from '../api/views.ts';
import { paint, type Terminal } from './terminal.ts';

/** A prediction in one line, its explanation where there is one, and where it came from. */
export function formatPrediction(prediction: PredictionView, terminal: Terminal): string {
  const { explanation, model, version, predictionId } = prediction;
  return [
    formatValue(prediction, (text) => paint(text, 'bold', terminal)),
    ...(explanation ? formatExplanation(explanation) : []),
    `${model} version ${version}, prediction ${predictionId}`,
  ].join('\n');
}

/** '231 runs, 80% interval 210–260', 'yes, probability 83%', 'team, probability 61% (free 30%, business 9%)'. */
export function formatValue(
  prediction: Pick<PredictionView, 'unit'> & ValueOf<PredictionView>,
  emphasise: (text: string) => string = (text) => text,
): string {
  const unit = prediction.unit ? ` ${prediction.unit}` : '';
  switch (prediction.kind) {
    case 'number':
      return `${emphasise(rounded(prediction.prediction))}${unit}${formatInterval(prediction.interval)}`;
    case 'class':
      return `${emphasise(formatClass(prediction.prediction))}, probability ${percent(prediction.probability)}${formatOthers(prediction)}`;
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
      return `${time}  ${emphasise(rounded(prediction))}${unit}${formatInterval(interval)}`;
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
  const listed = others.slice(0, mostClasses).map(([name, share]) => `${name} ${percent(share)}`);
  const rest = others.length > mostClasses ? [`${others.length - mostClasses} more`] : [];
  return others.length === 0 ? '' : ` (${[...listed, ...rest].join(', ')})`;
}

function formatInterval(
  interval: { readonly low: number; readonly high: number; readonly level: number } | undefined,
): string {
  return interval
    ? `, ${percent(interval.level)} interval ${rounded(interval.low)}–${rounded(interval.high)}`
    : '';
}

/** Contributions below this share of the largest round to nothing. */
const leastShare = 0.001;

function formatExplanation({ scale, of, baseline, contributions }: ExplanationView): readonly string[] {
  const isShare = scale === 'probability';
  const largest = Math.max(0, ...contributions.map(({ contribution }) => Math.abs(contribution)));
  const format = (value: number): string =>
    isShare ? `${signed(value * 100, 10)} points` : signed(value, largest);
  return [
    ...contributions
      .filter(({ contribution }) => Math.abs(contribution) > leastShare * largest)
      .map(
        ({ title, value, contribution }) =>
          `  ${title.padEnd(28)} ${(value === null ? 'missing' : rounded(value)).padStart(8)}  ${format(contribution)}`,
      ),
    isShare
      ? `  baseline ${percent(baseline)}, the probability of ${formatOf(of)}`
      : `  baseline ${rounded(baseline)}`,
  ];
}

/** Yes and no have the class names 'true' and 'false'. */
function formatOf(name = ''): string {
  return name === 'true' ? 'yes' : name;
}

/** One decimal, none from 100 on, and three digits below 1. */
function rounded(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1 ? value.toFixed(size >= 100 ? 0 : 1) : String(Number(value.toPrecision(3)));
}

/** '83%', '<1%' for what would look like nothing, and '>99%' for what would look certain. */
function percent(share: number): string {
  const whole = Math.round(share * 100);
  if (whole === 100 && share < 1) return '>99%';
  return whole === 0 && share > 0 ? '<1%' : `${whole}%`;
}

/** With the decimals that suit the largest of a list. */
function signed(value: number, largest: number): string {
  const decimals = largest >= 1 ? 1 : Math.min(6, 1 - Math.floor(Math.log10(largest || 1)));
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(decimals)}`;
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
