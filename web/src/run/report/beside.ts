import type { ReportValues, ReportView } from '../../../../src/client/index.ts';
import type { Line } from '../../charts/line-chart.tsx';
import { formatMetric } from '../../text/metrics.ts';
import { formatAligned } from '../../text/numbers.ts';

const constantTitles = { median: 'The median', shares: 'Class shares' } as const;

/** A version of a report, or what it is beside. */
export interface Compared {
  readonly of: keyof ReportValues;
  readonly kind: Line['kind'];
  readonly title: string;
}

/** The version and what it is beside, the live version first. */
export function comparedIn({ version, champion, constant }: ReportView): readonly Compared[] {
  return [
    { of: 'value', kind: 'main', title: versionTitle(version) },
    ...(champion ? [{ of: 'champion', kind: 'beside', title: versionTitle(champion.version) } as const] : []),
    ...(constant ? [{ of: 'constant', kind: 'base', title: constantTitles[constant] } as const] : []),
  ];
}

export function versionTitle(version: number | null): string {
  return version === null ? 'This version' : `v${version}`;
}

/** A metric's number, or a dash. */
export function metricOr(name: string, value: number | null): string {
  if (value === null) return '–';
  return formatMetric({ name, value }, formatAligned);
}
