import type { ReactNode } from 'react';
import { formatNumber, type PredictionView } from '../../../src/client/index.ts';
import { scale } from './scale.ts';
import { YAxis } from './y-axis.tsx';
import './forecast-chart.css';

interface ForecastChartProps {
  readonly points: Extract<PredictionView, { readonly kind: 'forecast' }>['points'];
  /** The values before the first point. @default none */
  readonly history?: readonly { readonly value: number }[];
  /** What happened at the points. @default not known */
  readonly truth?: readonly number[];
}

const width = 640;
const height = 150;
const margin = 4;

/** The points as a line in the band of their intervals, after what happened. The table beside it has the numbers. */
export function ForecastChart({ points, history = [], truth = [] }: ForecastChartProps): ReactNode {
  if (points.length + history.length < 2) return null;
  const lows = points.map(({ low, prediction }) => Math.min(low, prediction));
  const highs = points.map(({ high, prediction }) => Math.max(high, prediction));
  const actual = [...history.map(({ value }) => value), ...truth];
  const [bottom, top] = [Math.min(...lows, ...actual), Math.max(...highs, ...actual)];
  const x = scale([0, Math.max(1, history.length + points.length - 1)], [margin, width - margin]);
  const y = scale([top, bottom], [margin, height - margin]);
  const path = (values: readonly number[], from = 0): readonly string[] =>
    values.map((value, index) => `${x(from + index).toFixed(1)},${y(value).toFixed(1)}`);
  const start = history.length;
  return (
    <figure className="forecast-chart" aria-hidden="true">
      <YAxis low={bottom} high={top} format={formatNumber} />
      <svg viewBox={`0 0 ${width} ${height}`}>
        <polygon points={[...path(lows, start), ...path(highs, start).toReversed()].join(' ')} />
        {start > 0 && <path className="origin" d={`M${x(start - 0.5).toFixed(1)},0 V${height}`} />}
        {actual.length > 0 && <polyline className="actual" points={path(actual).join(' ')} />}
        {points.length === 1 ? (
          <circle cx={x(start)} cy={y(points[0]?.prediction ?? 0)} r={3} />
        ) : (
          <polyline
            points={path(
              points.map(({ prediction }) => prediction),
              start,
            ).join(' ')}
          />
        )}
      </svg>
    </figure>
  );
}
