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

/** '231 runs, 80% interval 210–260', 'yes, probability 83%'. */
export function formatValue(
  prediction: Pick<PredictionView, 'unit'> & ValueOf<PredictionView>,
  emphasise: (text: string) => string = (text) => text,
): string {
  const unit = prediction.unit ? ` ${prediction.unit}` : '';
  switch (prediction.kind) {
    case 'number':
      return `${emphasise(rounded(prediction.prediction))}${unit}${formatInterval(prediction.interval)}`;
    case 'class':
      return `${emphasise(formatClass(prediction.prediction))}, probability ${percent(prediction.probability)}`;
    case 'forecast':
      return prediction.prediction
        .map(
          ({ step, time, value, interval }) =>
            `${time ?? `step ${step}`}  ${emphasise(rounded(value))}${unit}${formatInterval(interval)}`,
        )
        .join('\n');
  }
}

type ValueOf<View> = View extends { readonly kind: string }
  ? Pick<View, Extract<keyof View, 'kind' | 'prediction' | 'interval' | 'probability'>>
  : never;

function formatClass(value: string | boolean): string {
  return typeof value === 'string' ? value : value ? 'yes' : 'no';
}

function formatInterval(
  interval: { readonly low: number; readonly high: number; readonly level: number } | undefined,
): string {
  return interval
    ? `, ${percent(interval.level)} interval ${rounded(interval.low)}–${rounded(interval.high)}`
    : '';
}

/** Smaller contributions round to nothing. */
const leastContribution = 0.005;

function formatExplanation({ baseline, contributions }: ExplanationView): readonly string[] {
  return [
    ...contributions
      .filter(({ contribution }) => Math.abs(contribution) >= leastContribution)
      .map(
        ({ title, value, contribution }) =>
          `  ${title.padEnd(28)} ${(value === null ? 'missing' : rounded(value)).padStart(8)}  ${signed(contribution)}`,
      ),
    `  baseline ${rounded(baseline)}`,
  ];
}

function rounded(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(Math.abs(value) >= 100 ? 0 : 1);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

/** 'form of team BOS, before 2024-01-09: elo 1510 (since 2024-01-02)'. */
export function formatLookup({ lookup, key, before, at, values }: LookupView): string {
  const keys = Object.entries(key).map(([name, value]) => `${name} ${String(value)}`);
  const time = new Date(before).toISOString().replace('T00:00:00.000Z', '');
  const found = Object.entries(values ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  const since = at === null ? 'initial values' : `since ${at}`;
  const result = values === null ? 'nothing known' : `${found.join(', ')} (${since})`;
  return `${lookup} of ${keys.join(', ')}, before ${time}: ${result}`;
}
