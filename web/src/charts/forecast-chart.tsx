import type { ReactNode } from 'react';
import type { PredictionView } from '../../../src/client/index.ts';
import { formatNumber } from '../text/numbers.ts';
import { scale } from './scale.ts';
import { YAxis } from './y-axis.tsx';

interface ForecastChartProps {
  readonly points: Extract<PredictionView, { readonly kind: 'forecast' }>['points'];
}

const width = 640;
const height = 150;
const margin = 4;

/** The points as a line in the band of their intervals. The table beside it has the numbers. */
export function ForecastChart({ points }: ForecastChartProps): ReactNode {
  if (points.length < 2) return null;
  const lows = points.map(({ low, prediction }) => Math.min(low, prediction));
  const highs = points.map(({ high, prediction }) => Math.max(high, prediction));
  const [bottom, top] = [Math.min(...lows), Math.max(...highs)];
  const x = scale([0, points.length - 1], [margin, width - margin]);
  const y = scale([top, bottom], [margin, height - margin]);
  const path = (values: readonly number[]): readonly string[] =>
    values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <figure className="forecast-chart" aria-hidden="true">
      <YAxis low={bottom} high={top} format={formatNumber} />
      <svg viewBox={`0 0 ${width} ${height}`}>
        <polygon points={[...path(lows), ...path(highs).toReversed()].join(' ')} />
        <polyline points={path(points.map(({ prediction }) => prediction)).join(' ')} />
      </svg>
    </figure>
  );
}
