import { metricFacts } from '../models/metric.ts';
import type { MonitorOptions } from '../models/monitoring.ts';
import { durationProblem, formatValue, oneOfProblem, shareProblem, wholeProblem } from './problem-rules.ts';
import type { ServeOptions } from '../models/serving.ts';
import { formatNames } from '../../kernel/format-names.ts';

interface Served {
  readonly metrics: readonly string[];
  /** Request fields. */
  readonly fields: readonly string[];
}

const facts: Readonly<Record<string, { readonly streaming: boolean }>> = metricFacts;

function streamingOf(metrics: readonly string[]): readonly string[] {
  return metrics.filter((metric) => facts[metric]?.streaming === true);
}

export function servingProblems(serve: ServeOptions, { metrics, fields }: Served): readonly string[] {
  const { cache, rateLimit, canary, log } = serve;
  return [
    ...durationProblem('serve.cache', cache),
    ...(rateLimit
      ? [
          ...wholeProblem('serve.rateLimit.perKey', rateLimit.perKey ?? null, 1),
          ...durationProblem('serve.rateLimit.per', rateLimit.per ?? null),
        ]
      : []),
    ...(canary
      ? [
          ...shareProblem('serve.canary.weight', canary.weight ?? null),
          ...durationProblem('serve.canary.for', canary.for ?? null),
          ...signalProblems('serve.canary.guard', canary.guard ?? [], [
            'errors',
            'latency',
            ...streamingOf(metrics),
          ]),
        ]
      : []),
    ...oneOfProblem('serve.log.durability', log?.durability, ['async', 'sync']),
    ...durationProblem('serve.log.keep', log?.keep),
    ...(log?.without ?? [])
      .filter((field) => !fields.includes(field))
      .map(
        (field) =>
          `serve.log.without has ${formatValue(field)}, which is not a field of the request (${formatNames(fields)})`,
      ),
  ];
}

const methods = ['psi', 'ks', 'jensenShannon', 'wasserstein', 'chiSquare'];
const signals = ['drift', 'outputDrift', 'errors', 'latency', 'refused', 'labelled'];

export function monitorProblems(
  { drift, alerts }: MonitorOptions,
  { metrics }: Pick<Served, 'metrics'>,
): readonly string[] {
  const allowed = [...signals, ...streamingOf(metrics)];
  return [
    ...oneOfProblem('monitor.drift.method', drift?.method, methods),
    ...durationProblem('monitor.drift.over', drift?.over),
    ...Object.entries(alerts ?? {}).flatMap(([name, alert]) => {
      const field = `monitor.alerts.${JSON.stringify(name)}`;
      return [
        ...signalProblems(`${field}.when`, [alert.when.signal], allowed),
        ...(Number.isFinite(alert.when.limit)
          ? []
          : [`${field}.when has the limit ${formatValue(alert.when.limit)}: give a finite number`]),
        ...durationProblem(`${field}.over`, alert.over),
        ...durationProblem(`${field}.for`, alert.for),
        ...oneOfProblem(`${field}.severity`, alert.severity, ['info', 'warning', 'page']),
        ...(alert.retrain
          ? durationProblem(`${field}.retrain.atMostEvery`, alert.retrain.atMostEvery ?? null)
          : []),
      ];
    }),
  ];
}

/** A metric that is no mean over outcomes, such as auc, cannot be watched one outcome at a time. */
function signalProblems(
  field: string,
  given: readonly string[],
  allowed: readonly string[],
): readonly string[] {
  return given
    .filter((signal) => !allowed.includes(signal))
    .map((signal) =>
      facts[signal]?.streaming === false
        ? `${field} uses ${signal}, which cannot be measured one outcome at a time: use ${allowed.join(', ')}`
        : `${field} uses ${formatValue(signal)}: use ${allowed.join(', ')}`,
    );
}
