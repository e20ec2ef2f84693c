import type { ReportHead, ReportValues } from '../../../../src/client/index.ts';
import type { Line } from '../../charts/line-chart.tsx';
import { formatMetric } from '../../text/metrics.ts';
import { formatAligned } from '../../text/numbers.ts';

const constantTitles = {
  median: 'The median',
  mean: 'The mean',
  shares: 'Class shares',
  'seasonal-naive': 'The last season',
} as const;

/** A version of a report, or what it is beside. */
export interface Compared {
  readonly kind: Line['kind'];
  readonly title: string;
  readonly of: (values: ReportValues) => number | null;
}

/** The version and what it is beside: the live version, the baselines that it must beat, and the built-in one. */
export function comparedIn({ version, champion, constant, baselines }: ReportHead): readonly Compared[] {
  return [
    { kind: 'main', title: versionTitle(version), of: ({ value }) => value },
    ...(champion
      ? [
          {
            kind: 'beside',
            title: versionTitle(champion.version),
            of: (values: ReportValues) => values.champion,
          } as const,
        ]
      : []),
    ...baselines.map(
      ({ title }, index) =>
        ({ kind: 'rival', title, of: (values: ReportValues) => values.baselines[index] ?? null }) as const,
    ),
    ...(constant
      ? [
          {
            kind: 'base',
            title: constantTitles[constant],
            of: (values: ReportValues) => values.constant,
          } as const,
        ]
      : []),
  ];
}

/** Lines of a chart: of several baselines the first, since they would look alike. The table has all. */
export function linesOf(compared: readonly Compared[], parts: readonly ReportValues[]): readonly Line[] {
  return compared
    .filter(({ kind }, index) => compared.findIndex((other) => other.kind === kind) === index)
    .map(({ kind, title, of }) => ({ kind, title, values: parts.map(of) }));
}

export function versionTitle(version: number | null): string {
  return version === null ? 'This version' : `v${version}`;
}

/** A metric's number, or a dash. */
export function metricOr(name: string, value: number | null): string {
  if (value === null) return '–';
  return formatMetric({ name, value }, formatAligned);
}
