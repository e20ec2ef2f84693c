import type { ReactNode } from 'react';
import { formatCount, formatNumber, type ReportView } from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { scale } from '../../charts/scale.ts';
import { YAxis } from '../../charts/y-axis.tsx';
import { Card } from '../../shell/parts.tsx';
import { counted } from '../../text/numbers.ts';
import { bandsOf, frameOf, isWithin, type Point } from './scatter-points.ts';
import '../../charts/line-chart.css';

const [width, height, margin] = [420, 240, 6];

/** What was predicted against what happened: on the line, a prediction was right. */
export function Scatter({ report }: { readonly report: ReportView }): ReactNode {
  const points = (report.scatter ?? []).map(([actual, predicted]): Point => ({ actual, predicted }));
  if (points.length < 2) return null;
  const bands = bandsOf(points);
  const suffix = report.unit === null ? '' : `, ${report.unit}`;
  const of =
    points.length < report.rows
      ? `${formatCount(points.length)} of ${counted(report.rows, 'row')}`
      : counted(points.length, 'row');
  return (
    <Card title={`Predicted against actual${suffix}`} aside={<span className="faint">{of}</span>}>
      <Plot points={points} report={report} />
      <ChartTable
        title="Predictions from the lowest to the highest, in parts of equal size"
        head={['Predicted, mean', 'Actual, mean', 'Rows']}
        rows={bands.map(({ predicted, actual, rows }) => [
          formatNumber(predicted),
          formatNumber(actual),
          formatCount(rows),
        ])}
      />
    </Card>
  );
}

function Plot({
  points,
  report,
}: {
  readonly points: readonly Point[];
  readonly report: ReportView;
}): ReactNode {
  const frame = frameOf(points);
  const [low, high] = frame;
  const worst = report.worst.flatMap(({ truth, predicted }) =>
    typeof truth === 'number' && typeof predicted === 'number' ? [{ actual: truth, predicted }] : [],
  );
  const atX = scale([low, high], [margin, width - margin]);
  const atY = scale([high, low], [margin, height - margin]);
  const within = points.filter((point) => isWithin(point, frame));
  const worstWithin = worst.filter((point) => isWithin(point, frame));
  const left = points.length - within.length;
  return (
    <figure className="line-chart scatter">
      <div className="plot">
        <YAxis low={low} high={high} format={formatNumber} />
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label="Predicted against actual values: the table below has their means"
        >
          <path className="frame" d={`M0,0 V${height} H${width}`} />
          <path className="zero" d={`M${atX(low)},${atY(low)} L${atX(high)},${atY(high)}`} />
          {within.map((point, index) => (
            <circle key={index} className="row" cx={atX(point.predicted)} cy={atY(point.actual)} r={2.5}>
              <title>{pointText(point)}</title>
            </circle>
          ))}
          {worstWithin.map((point, index) => (
            <circle key={index} className="worst" cx={atX(point.predicted)} cy={atY(point.actual)} r={4}>
              <title>{pointText(point)}</title>
            </circle>
          ))}
        </svg>
        <div className="x-axis" aria-hidden="true">
          <span>predicted {formatNumber(low)}</span>
          <span>{formatNumber(high)}</span>
        </div>
      </div>
      <figcaption className="faint">
        On the line, the prediction was right; above it, it was too low.
        {worstWithin.length > 0 && ' Large dots are of the worst rows.'}
        {left > 0 && ` ${counted(left, 'row')} lie far outside.`}
      </figcaption>
    </figure>
  );
}

function pointText({ predicted, actual }: Point): string {
  return `predicted ${formatNumber(predicted)}, actual ${formatNumber(actual)}`;
}
