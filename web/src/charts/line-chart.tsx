import { formatNumber } from '../../../src/client/index.ts';
import type { ReactNode } from 'react';
import { scale } from './scale.ts';
import { YAxis } from './y-axis.tsx';
import './line-chart.css';

export interface Line {
  /** Also how it is drawn: 'main' is solid, 'beside' dashed, 'rival' dashed and dotted, 'base' dotted. */
  readonly kind: 'main' | 'beside' | 'rival' | 'base';
  readonly title: string;
  /** One for each x; null leaves a gap. */
  readonly values: readonly (number | null)[];
}

interface LineChartProps {
  /** For screen readers: what the chart shows, in a sentence. */
  readonly title: string;
  /** In order. */
  readonly x: readonly number[];
  readonly lines: readonly Line[];
  /** Under the ends of the x axis. */
  readonly ends: readonly [string, string];
  /** An x of interest, drawn as a vertical line. @default none */
  readonly mark?: number;
  /** @default three significant digits */
  readonly format?: (value: number) => string;
}

const width = 420;
const height = 130;
const margin = 5;
/** Each point of a line with fewer is drawn. */
const fewPoints = 30;

/** Lines over a common x axis, distinguished by their strokes. The caller gives the same numbers as a table. */
export function LineChart(props: LineChartProps): ReactNode {
  const { title, x, lines, ends, mark, format = formatNumber } = props;
  const all = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  if (x.length === 0 || all.length === 0) return null;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const [first, last] = [x[0] as number, x.at(-1) as number];
  const atX = scale([first, last], [margin, width - margin]);
  const atY = scale([high, low], [margin, height - margin]);
  return (
    <figure className="line-chart">
      <div className="plot">
        <YAxis low={low} high={high} format={format} />
        <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={title}>
          <path className="frame" d={`M0,0 V${height} H${width}`} />
          {mark !== undefined && <path className="mark" d={`M${atX(mark)},0 V${height}`} />}
          {lines.toReversed().map(({ kind, values }) => (
            <g key={kind} className={kind}>
              {piecesOf(values).map((piece) => (
                <polyline
                  key={piece[0]}
                  points={piece
                    .map((index) => `${atX(x[index] as number)},${atY(values[index] as number)}`)
                    .join(' ')}
                />
              ))}
              {x.length < fewPoints &&
                values.map(
                  (value, index) =>
                    value !== null && (
                      <circle key={x[index]} cx={atX(x[index] as number)} cy={atY(value)} r={2.5} />
                    ),
                )}
            </g>
          ))}
        </svg>
        <div className="x-axis" aria-hidden="true">
          <span>{ends[0]}</span>
          {first !== last && <span>{ends[1]}</span>}
        </div>
      </div>
      <Legend entries={lines} />
    </figure>
  );
}

/** What each stroke means; nothing for a single one. */
export function Legend({
  entries,
}: {
  readonly entries: readonly Pick<Line, 'kind' | 'title'>[];
}): ReactNode {
  if (entries.length < 2) return null;
  return (
    <figcaption className="legend">
      {entries.map(({ kind, title }) => (
        <span key={kind}>
          <svg viewBox="0 0 22 8" aria-hidden="true" className={kind}>
            <polyline points="0,4 22,4" />
          </svg>
          {title}
        </span>
      ))}
    </figcaption>
  );
}

/** Indexes of the values, divided where one is missing. */
function piecesOf(values: readonly (number | null)[]): readonly (readonly number[])[] {
  const pieces: number[][] = [];
  for (const [index, value] of values.entries()) {
    if (value === null) continue;
    const last = pieces.at(-1);
    if (last?.at(-1) === index - 1) last.push(index);
    else pieces.push([index]);
  }
  return pieces;
}
