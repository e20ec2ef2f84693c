import type { JsonObject } from '../kernel/json.ts';
import { formatBytes, formatCount } from '../kernel/units.ts';
import { metricFacts, type MetricFacts } from '../project/metric.ts';

const facts: Readonly<Record<string, MetricFacts>> = metricFacts;

/** 'MAE' of 'mae'; a metric that is not ours keeps its name. */
export function metricTitle(metric: string): string {
  return facts[metric]?.title ?? metric;
}

export function metricUnit(metric: string, targetUnit: string | null): string | null {
  return facts[metric]?.inTargetUnit ? targetUnit : null;
}

export function metricBetter(metric: string): MetricFacts['better'] {
  return facts[metric]?.better ?? 'neither';
}

/** 'Runs in the last five overs' of 'runsInTheLastFiveOvers'. */
export function titleOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What a task left, in a few words. */
export function taskSummary(operation: string, taskFacts: JsonObject): string | undefined {
  const number = (name: string): number => Number(taskFacts[name] ?? 0);
  switch (operation) {
    case 'fetch':
      return [
        plural(number('files'), 'file'),
        formatBytes(number('bytes')),
        ...(taskFacts['simulated'] === true ? ['simulated'] : []),
      ].join(', ');
    case 'read':
      return plural(number('rows'), 'row');
    case 'step':
      return Object.entries((taskFacts['tables'] ?? {}) as Readonly<Record<string, { rows: number }>>)
        .map(([name, { rows }]) =>
          name === 'rows' ? plural(rows, 'row') : `${name}: ${plural(rows, 'row')}`,
        )
        .join(', ');
    case 'split':
      return splitSummary(taskFacts);
    case 'features':
      return plural(Array.isArray(taskFacts['features']) ? taskFacts['features'].length : 0, 'feature');
    case 'search':
      return `${plural(number('trials'), 'trial')}, best ${number('best') + 1}`;
    case 'train':
      return Object.entries((taskFacts['fittedParams'] ?? {}) as Readonly<Record<string, number>>)
        .map(([name, value]) => `${formatCount(value)} ${name}`)
        .join(', ');
    case 'evaluate':
      return Object.entries((taskFacts['metrics'] ?? {}) as Readonly<Record<string, number>>)
        .slice(0, 1)
        .map(([metric, value]) => `${metricTitle(metric)} ${formatMetric(value)}`)
        .join('');
    case 'gate':
      return `version ${number('version')}`;
    default:
      return undefined;
  }
}

/** '81,106 rows to learn, 27,763 to test (657 and 223 by match)' */
function splitSummary({ train, test, group, groups }: JsonObject): string {
  const [learnt, tested] = Array.isArray(groups) ? groups.map(Number) : [];
  const grouped =
    learnt !== undefined && tested !== undefined
      ? ` (${formatCount(learnt)} and ${formatCount(tested)} by ${typeof group === 'string' ? group : 'group'})`
      : '';
  return `${formatCount(Number(train))} rows to learn, ${formatCount(Number(test))} to test${grouped}`;
}

/** Three significant digits, more where a number is large. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return 'not a number';
  const size = Math.abs(value);
  if (size >= 1000) return formatCount(Math.round(value));
  return value.toFixed(size >= 100 ? 1 : size >= 10 ? 2 : 3);
}

function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
