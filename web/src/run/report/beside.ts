import type { ReportValues, ReportView } from '../../../../src/client/index.ts';
import type { Line } from '../../charts/line-chart.tsx';
import { formatMetric } from '../../text/metrics.ts';

const constantTitles = { median: 'Always the median', shares: 'The shares of the classes' } as const;

/** A version of a report, or what it is beside. */
export interface Compared {
  readonly of: keyof ReportValues;
  readonly kind: Line['kind'];
  readonly title: string;
}

/** The version and what it is beside, the live version first. */
export function comparedIn({ version, champion, constant }: ReportView): readonly Compared[] {
  return [
    { of: 'value', kind: 'main', title: version === null ? 'This version' : `v${version}` },
    ...(champion ? [{ of: 'champion', kind: 'beside', title: `v${champion.version}` } as const] : []),
    ...(constant ? [{ of: 'constant', kind: 'base', title: constantTitles[constant] } as const] : []),
  ];
}

/** A metric's number, or a dash. */
export function metricOr(name: string, value: number | null): string {
  return value === null ? '–' : formatMetric({ name, value });
}
