import { formatExact, formatNumber, formatShare } from '../kernel/format-number.ts';
import { uncapitalized } from '../kernel/letter-case.ts';
import type { Measure } from '../project/models/measure.ts';
import { metricFacts, type MetricFacts } from '../project/models/metric.ts';

/** How to print metrics, by their names in the project file. */
export interface MetricFormat {
  /** Within a sentence: 'MAE', 'log loss' */
  readonly titleWithin: (metric: string) => string;
  /** 'runs'; absent for a metric without a unit */
  readonly unit: (metric: string) => string | undefined;
  /** The number without its unit. */
  readonly format: (value: number, metric: string) => string;
}

/**
 * Titles for people, numbers as `formatNumber` writes them, and the target's unit for metrics that have it.
 * @param measures of the project: a metric over some rows has the unit of that metric. @default none
 * @param targetUnit 'runs', 'INR per month'; absent when the project file gives none
 */
export function metricFormat(targetUnit?: string, measures: Measures = {}): MetricFormat {
  return {
    titleWithin,
    unit: (metric) => (factsOf(metric, measures)?.inTargetUnit ? targetUnit : undefined),
    format: (value, metric) => (isShare(metric) ? formatShare(value) : formatNumber(value)),
  };
}

/** '14.2 runs' */
export function amount(value: number, metric: string, format: MetricFormat): string {
  return withUnit(format.format(value, metric), metric, format);
}

/** '0.31 ± 0.12 runs'; without a standard error, '0.31 runs' */
export function amountWithError(
  value: number,
  error: number | undefined,
  { metric, format }: { readonly metric: string; readonly format: MetricFormat },
): string {
  return withUnit(`${format.format(value, metric)}${formatError(error)}`, metric, format);
}

/** ' ± 0.0061'; empty if it is not known. */
export function formatError(error: number | undefined): string {
  return error === undefined || !Number.isFinite(error) ? '' : ` ± ${errorText(error)}`;
}

/** Two significant digits. */
function errorText(error: number): string {
  return error.toLocaleString('en-US', { maximumSignificantDigits: 2 });
}

/** Formats two different amounts so that they look different: '0.4996' and '0.5', where three digits would make both 0.5. */
export function amountsApart(
  pair: readonly [number, number],
  metric: string,
  format: MetricFormat,
): readonly [string, string] {
  const [one, other] = pair;
  const short: readonly [string, string] = [format.format(one, metric), format.format(other, metric)];
  const [oneText, otherText] =
    short[0] === short[1] && one !== other ? [formatExact(one), formatExact(other)] : short;
  return [withUnit(oneText, metric, format), withUnit(otherText, metric, format)];
}

function withUnit(text: string, metric: string, format: MetricFormat): string {
  const unit = format.unit(metric);
  return unit === undefined ? text : `${text} ${unit}`;
}

/** The measures of a model by name. */
export type Measures = Readonly<Record<string, Measure>>;

function measureNamed(name: string, measures: Measures): Measure | undefined {
  return Object.hasOwn(measures, name) ? measures[name] : undefined;
}

function factsOf(metric: string, measures: Measures = {}): MetricFacts | undefined {
  const measure = measureNamed(metric, measures);
  const name = measure && 'of' in measure ? measure.of : metric;
  return Object.hasOwn(metricFacts, name) ? metricFacts[name as keyof typeof metricFacts] : undefined;
}

/** The title of a metric within a sentence; a custom metric keeps its name. */
function titleWithin(metric: string): string {
  const title = factsOf(metric)?.title;
  return title === undefined ? metric : uncapitalized(title);
}

/** 'MAE' of 'mae'; a custom metric keeps its name. */
export function metricTitle(metric: string): string {
  return factsOf(metric)?.title ?? metric;
}

export function metricUnit(metric: string, targetUnit: string | null, measures?: Measures): string | null {
  return factsOf(metric, measures)?.inTargetUnit ? targetUnit : null;
}

export function metricBetter(metric: string, measures: Measures = {}): MetricFacts['better'] {
  const measure = measureNamed(metric, measures);
  if (measure && 'better' in measure) return measure.better;
  return factsOf(metric, measures)?.better ?? 'neither';
}

/** A metric without its unit, as the pages write it: '15.9', '1,235'. */
export function formatMetric(value: number): string {
  return Number.isFinite(value) ? formatNumber(value) : 'not a number';
}

/** Whether a metric is a share of outcomes, which people read as a percentage. */
function isShare(metric: string): boolean {
  return metric === 'intervalCoverage';
}
