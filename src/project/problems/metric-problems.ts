import { nearestName } from '../../kernel/nearest-name.ts';
import type { Kind } from '../models/kind.ts';
import type { Measure } from '../models/measure.ts';
import { type MetricFacts, metricFacts } from '../models/metric.ts';
import { formatValue, oneOfProblem } from './problem-rules.ts';
import type { PromotionRule } from '../models/promotion.ts';

/** What a promotion rule can use. */
interface Measured {
  readonly kind: Kind | 'forecast';
  readonly metrics: readonly string[];
  readonly measures: Readonly<Record<string, Measure>>;
  readonly baselines: readonly string[];
}

const factsByName: Readonly<Record<string, MetricFacts>> = metricFacts;

function metricsFor(kind: Measured['kind']): readonly string[] {
  return Object.entries(factsByName).flatMap(([name, { kinds }]) => (kinds.includes(kind) ? [name] : []));
}

export function metricProblems({ kind, metrics, measures }: Measured): readonly string[] {
  return [
    ...metrics.flatMap((metric) => metricProblem('metrics', metric, kind)),
    ...metrics
      .filter((metric, index) => metrics.indexOf(metric) < index)
      .map((metric) => `metrics has ${formatValue(metric)} twice: name it once`),
    ...Object.entries(measures).flatMap(([name, measure]) => measureProblems(name, measure, kind)),
  ];
}

function metricProblem(field: string, metric: string, kind: Measured['kind']): readonly string[] {
  const names = metricsFor(kind);
  if (names.includes(metric)) return [];
  const of = kind === 'forecast' ? 'a forecast' : `a ${kind} target`;
  if (Object.hasOwn(factsByName, metric))
    return [`${field} has "${metric}", which does not measure ${of}: use ${names.join(', ')}`];
  const nearest = nearestName(metric, names);
  const meant = nearest === undefined ? `use ${names.join(', ')}` : `did you mean "${nearest}"?`;
  return [`${field} has ${formatValue(metric)}, which does not exist: ${meant}`];
}

function measureProblems(name: string, measure: Measure, kind: Measured['kind']): readonly string[] {
  const field = `measures.${name}`;
  if (Object.hasOwn(factsByName, name))
    return [`${field} has the name of a metric: give the measure another name`];
  if ('of' in measure)
    return [
      ...metricProblem(`${field}.of`, measure.of, kind),
      ...(typeof measure.where === 'function' ? [] : [`${field}.where must be a function of a row`]),
    ];
  return [
    ...oneOfProblem(`${field}.better`, measure.better ?? null, ['lower', 'higher']),
    ...(typeof measure.value === 'function' ? [] : [`${field}.value must be a function of the tested rows`]),
  ];
}

export function promotionProblems(promote: PromotionRule, measured: Measured): readonly string[] {
  return [
    ...usedProblems(promote, measured),
    ...directionProblems(promote.when, measured),
    ...marginProblems(promote.when.by, measured),
    ...limitProblems('atLeast', promote.atLeast),
    ...limitProblems('atMost', promote.atMost),
    ...oneOfProblem('promote.first', promote.first, ['baseline', 'always']),
    ...(/^[a-z][a-z0-9_-]{0,62}$/.test(promote.alias)
      ? []
      : [`promote.alias is ${formatValue(promote.alias)}: use lower-case letters, digits, "-" and "_"`]),
    ...(promote.beats ?? [])
      .filter((name) => !measured.baselines.includes(name))
      .map(
        (name) =>
          `promote.beats has ${formatValue(name)}, which is not in baselines (${measured.baselines.join(', ') || 'there are no baselines'})`,
      ),
  ];
}

function marginProblems(by: unknown, { kind }: Measured): readonly string[] {
  if (isFiniteNumber(by) && Number(by) >= 0) return [];
  if (kind === 'forecast')
    return by === 'standardError'
      ? [
          "promote.when.by is 'standardError', which is not measured for a forecast: give a finite number from 0",
        ]
      : [`promote.when.by is ${formatValue(by)}: give a finite number from 0`];
  if (by === 'standardError') return [];
  return [`promote.when.by is ${formatValue(by)}: give a finite number from 0 or 'standardError'`];
}

function usedProblems(promote: PromotionRule, { metrics, measures }: Measured): readonly string[] {
  const used = [
    promote.when.metric,
    ...Object.keys(promote.atLeast ?? {}),
    ...Object.keys(promote.atMost ?? {}),
  ];
  const measured = [...metrics, ...Object.keys(measures)];
  const [list, names] =
    Object.keys(measures).length > 0
      ? ['metrics or measures', measured.join(', ')]
      : ['metrics', metrics.join(', ')];
  return [...new Set(used)]
    .filter((metric) => !measured.includes(metric))
    .map((metric) => `promote uses "${metric}", which is not in ${list} (${names})`);
}

function directionProblems(
  { metric, better: direction }: PromotionRule['when'],
  { measures }: Measured,
): readonly string[] {
  const better = betterOf(metric, measures);
  if (better === undefined || better === direction) return [];
  return better === 'neither'
    ? [
        `promote.when uses ${metric}, of which neither a lower nor a higher value is better: choose another metric, and limit ${metric} by promote.atLeast and promote.atMost`,
      ]
    : [`promote.when wants ${metric} ${direction}, but a better ${metric} is ${better}`];
}

function betterOf(name: string, measures: Measured['measures']): MetricFacts['better'] | undefined {
  const measure = measures[name];
  if (!measure) return factsByName[name]?.better;
  return 'of' in measure ? factsByName[measure.of]?.better : measure.better;
}

function limitProblems(
  field: string,
  limits: Readonly<Record<string, number | undefined>> = {},
): readonly string[] {
  return Object.entries(limits)
    .filter(([, limit]) => limit !== undefined && !isFiniteNumber(limit))
    .map(([metric, limit]) => `promote.${field}.${metric} is ${formatValue(limit)}: give a finite number`);
}

/** A project may be run without a type check. */
function isFiniteNumber(value: unknown): boolean {
  return Number.isFinite(value);
}
