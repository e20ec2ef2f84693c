import type { ReactNode } from 'react';
import { formatNumber, type ReportView } from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { Card } from '../../shell/parts.tsx';
import { counted, formatRange } from '../../text/numbers.ts';
import { versionTitle } from './beside.ts';
import { outlineOf } from './outline.ts';
import '../../charts/line-chart.css';

type ResidualsView = NonNullable<ReportView['residuals']>['version'];

const [width, height] = [420, 110];

/** How far off predictions are, and to which side. */
export function Residuals({ report }: { readonly report: ReportView }): ReactNode {
  const { residuals, unit, champion, version } = report;
  if (!residuals) return null;
  const { quantiles } = residuals.version;
  const shares = Object.keys(quantiles).toSorted((a, b) => Number(a) - Number(b));
  const rangeOf = (low: string, high: string): string =>
    formatRange(quantiles[low] ?? Number.NaN, quantiles[high] ?? Number.NaN, unit);
  const sentence = `Half of the errors are ${rangeOf('0.25', '0.75')}, nine of ten ${rangeOf('0.05', '0.95')}.`;
  const numberOf = ({ quantiles: of }: ResidualsView, share: string): string =>
    formatNumber(of[share] ?? Number.NaN);
  return (
    <Card title="Errors" aside={<span className="faint">Truth − prediction</span>}>
      <Histogram {...residuals} title={sentence} />
      <p className="faint">
        {sentence} Right of the line, the prediction was too low.
        {champion && residuals.champion && ` The dashed outline is ${versionTitle(champion.version)}.`}
      </p>
      <ChartTable
        title="Quantiles of the errors"
        head={[
          'Share of rows below',
          versionTitle(version),
          ...(champion && residuals.champion ? [versionTitle(champion.version)] : []),
        ]}
        rows={shares.map((share) => [
          `${Math.round(Number(share) * 100)}%`,
          numberOf(residuals.version, share),
          ...(champion && residuals.champion ? [numberOf(residuals.champion, share)] : []),
        ])}
      />
    </Card>
  );
}

interface HistogramProps {
  readonly version: ResidualsView;
  /** Drawn as an outline. */
  readonly champion: ResidualsView | null;
  readonly title: string;
}

function Histogram({ version, champion, title }: HistogramProps): ReactNode {
  const { from, to, counts, outside } = version.histogram;
  if (from === to) return null;
  const beside = champion && outlineOf(champion.histogram, version.histogram);
  const most = Math.max(...counts, ...(beside ?? []), 1);
  const step = width / counts.length;
  const zero = (-from / (to - from)) * width;
  const edgeOf = (index: number): number => from + ((to - from) * index) / counts.length;
  return (
    <figure className="line-chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
        {counts.map((count, index) => (
          <rect
            key={edgeOf(index)}
            x={index * step + 0.5}
            width={step - 1}
            y={height - (count / most) * height}
            height={(count / most) * height}
          >
            <title>{`${formatRange(edgeOf(index), edgeOf(index + 1), null)}: ${counted(count, 'row')}`}</title>
          </rect>
        ))}
        {beside && (
          <g className="beside">
            <polyline
              points={beside
                .map((count, index) => {
                  const y = height - (count / most) * height;
                  return `${index * step},${y} ${(index + 1) * step},${y}`;
                })
                .join(' ')}
            />
          </g>
        )}
        <path className="frame" d={`M0,${height} H${width}`} />
        {zero >= 0 && zero <= width && <path className="zero" d={`M${zero},0 V${height}`} />}
      </svg>
      <div className="x-axis" aria-hidden="true">
        <span>
          {formatNumber(from)}
          {outside[0] > 0 && `, ${counted(outside[0], 'row')} below`}
        </span>
        <span>
          {outside[1] > 0 && `${counted(outside[1], 'row')} above, `}
          {formatNumber(to)}
        </span>
      </div>
    </figure>
  );
}
