import { type ReactNode, useState } from 'react';
import { type CurveView, formatDuration, type MetricValue } from '../../../src/client/index.ts';
import { scale } from '../charts/scale.ts';
import { YAxis } from '../charts/y-axis.tsx';
import { counted, formatNumber } from '../text/numbers.ts';
import { pathOf, smoothed } from './curve-path.ts';
import '../charts/line-chart.css';

export type Along = 'step' | 'time';

interface CurveChartProps {
  readonly curve: CurveView;
  readonly along: Along;
  /** From 0, none, to below 1. */
  readonly smoothing: number;
  /** When the run started: times count from there. */
  readonly startedAt: number;
}

const width = 420;
const height = 130;
const margin = 5;

/** A metric of a run over its steps or its time. Where many points are one, a band goes from the least to the greatest of them. */
export function CurveChart({ curve, along, smoothing, startedAt }: CurveChartProps): ReactNode {
  const [hovered, setHovered] = useState<number>();
  const x = along === 'step' ? curve.steps : curve.times;
  const values = curve.values.map(drawable);
  const drawn = [...curve.least, ...curve.most].flatMap((value) => drawable(value) ?? []);
  const last = values.findLast((value) => value !== null);
  if (drawn.length === 0 || last === undefined || last === null)
    return (
      <p className="muted">
        <strong>{curve.metric}</strong>: every value is NaN or infinite.
      </p>
    );
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const [first = 0, end = 0] = [x[0], x.at(-1)];
  const atX = scale([first, end], [margin, width - margin]);
  const atY = scale([high, low], [margin, height - margin]);
  const at = (index: number): number => atX(x[index] ?? 0);
  const line = smoothed(values, smoothing);
  const index = hovered === undefined ? undefined : nearest(x, hovered, { first, end });
  const value = index === undefined ? undefined : values[index];
  const formatX = (at: number): string =>
    along === 'step' ? formatNumber(at) : formatDuration(Math.max(0, at - startedAt));
  return (
    <figure className="curve line-chart">
      <figcaption>
        <strong title={curve.metric}>{curve.metric}</strong>
        <span className="faint">
          {index !== undefined && `${along === 'step' ? 'step ' : ''}${formatX(x[index] ?? 0)} `}
          <b>{formatNumber(value ?? last)}</b>
        </span>
      </figcaption>
      <div className="plot">
        <YAxis low={low} high={high} format={formatNumber} />
        <svg
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${curve.metric}: ${counted(curve.logged, 'point')} from ${formatNumber(low)} to ${formatNumber(high)}, the last ${formatNumber(last)}`}
          onPointerMove={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            setHovered((event.clientX - box.left) / box.width);
          }}
          onPointerLeave={() => setHovered(undefined)}
        >
          <path className="frame" d={`M0,0 V${height} H${width}`} />
          <path className="band" d={bandOf(curve, at, atY)} />
          {smoothing > 0 && <path className="raw" d={pathOf(values, at, atY)} />}
          <path className="smooth" d={pathOf(line, at, atY)} />
          {index !== undefined && value !== undefined && value !== null && (
            <>
              <path className="mark" d={`M${at(index)},0 V${height}`} />
              <circle cx={at(index)} cy={atY(value)} r={4} />
            </>
          )}
        </svg>
        <div className="x-axis" aria-hidden="true">
          <span>{formatX(first)}</span>
          {first !== end && (
            <span>
              {formatX(end)}
              {along === 'step' && ' steps'}
            </span>
          )}
        </div>
      </div>
    </figure>
  );
}

/** An axis has no position for infinite values. */
function drawable(value: MetricValue | null): number | null {
  return typeof value === 'number' ? value : null;
}

function bandOf(curve: CurveView, at: (index: number) => number, atY: (value: number) => number): string {
  const points = curve.least.flatMap((least, index) => {
    const [low, high] = [drawable(least), drawable(curve.most[index] ?? null)];
    return low === null || high === null ? [] : [{ x: at(index), low: atY(low), high: atY(high) }];
  });
  if (points.every(({ low, high }) => low === high)) return '';
  const over = points.map(({ x, high }) => `${x},${high}`);
  const under = points.toReversed().map(({ x, low }) => `${x},${low}`);
  return `M${[...over, ...under].join('L')}Z`;
}

/** The index of the point that lies nearest to a part of the width. */
function nearest(
  x: readonly number[],
  part: number,
  { first, end }: { readonly first: number; readonly end: number },
): number {
  const inside = (part * width - margin) / (width - 2 * margin);
  const at = first + Math.min(1, Math.max(0, inside)) * (end - first);
  let best = 0;
  for (const [index, value] of x.entries())
    if (Math.abs(value - at) < Math.abs((x[best] ?? 0) - at)) best = index;
  return best;
}
