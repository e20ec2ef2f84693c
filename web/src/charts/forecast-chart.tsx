import type { ReactNode } from 'react';
import type { PredictionView } from '../../../src/client/index.ts';
import { formatNumber } from '../text/numbers.ts';

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
  const x = (index: number): number => margin + (index * (width - 2 * margin)) / (points.length - 1);
  const y = (value: number): number =>
    top === bottom
      ? height / 2
      : height - margin - ((value - bottom) * (height - 2 * margin)) / (top - bottom);
  const path = (values: readonly number[]): readonly string[] =>
    values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <figure className="forecast-chart" aria-hidden="true">
      <div className="y-axis">
        <span>{formatNumber(top)}</span>
        {top !== bottom && <span>{formatNumber(bottom)}</span>}
      </div>
      <svg viewBox={`0 0 ${width} ${height}`}>
        <polygon points={[...path(lows), ...path(highs).toReversed()].join(' ')} />
        <polyline points={path(points.map(({ prediction }) => prediction)).join(' ')} />
      </svg>
    </figure>
  );
}
