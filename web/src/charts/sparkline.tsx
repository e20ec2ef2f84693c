import type { ReactNode } from 'react';
import { isSameTestData } from '../../../src/client/index.ts';
import { scale } from './scale.ts';
import { joinedPoints } from './spark-lines.ts';

export interface SparkPoint {
  readonly key: number;
  readonly value: number;
  /** A line joins only points of the same test data. */
  readonly testData: string | null;
  /** Shown on hover. */
  readonly label: string;
  /** Drawn as a ring. */
  readonly hollow: boolean;
  /** Drawn larger. */
  readonly chosen: boolean;
}

interface SparklineProps {
  readonly points: readonly SparkPoint[];
  /** For screen readers. */
  readonly title: string;
}

const width = 300;
const height = 72;
const margin = 8;
const brokenLine = 'A line joins only versions that were measured on the same test rows.';

/** A small line chart with gaps where the test data changes. Shapes distinguish the points, and a hover names them. */
export function Sparkline({ points, title }: SparklineProps): ReactNode {
  const values = points.map(({ value }) => value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (index: number): number =>
    margin + (index / Math.max(1, points.length - 1)) * (width - 2 * margin);
  const y = scale([high, low], [margin, height - margin]);
  const lines = joinedPoints(points, isSameTestData);
  const isBroken = lines[0]?.length !== points.length;
  const small = points.length > 24;
  return (
    <figure className="sparkline">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={isBroken ? `${title}. ${brokenLine}` : title}
      >
        {isBroken && <title>{brokenLine}</title>}
        {lines.map((line) => (
          <polyline
            key={line[0]}
            points={line.map((index) => `${x(index)},${y(points[index]?.value ?? 0)}`).join(' ')}
          />
        ))}
        {points.map((point, index) => (
          <g
            key={point.key}
            className={[point.hollow && 'hollow', point.chosen && 'chosen'].filter(Boolean).join(' ')}
          >
            <circle className="mark" cx={x(index)} cy={y(point.value)} r={point.chosen ? 5 : small ? 2 : 3} />
            <circle className="reach" cx={x(index)} cy={y(point.value)} r={small ? 5 : 10}>
              <title>{point.label}</title>
            </circle>
          </g>
        ))}
      </svg>
      <figcaption>
        <span>v{points[0]?.key}</span>
        <span>v{points.at(-1)?.key}</span>
      </figcaption>
    </figure>
  );
}
