import { type ReactNode, useState } from 'react';
import { formatShare, formatCount, type ReportView } from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { Legend } from '../../charts/line-chart.tsx';
import { Card } from '../../shell/parts.tsx';
import { counted } from '../../text/numbers.ts';
import { versionTitle } from './beside.ts';
import { Chooser } from './chooser.tsx';

type OfClass = ReportView['reliability'][number];
type Bin = OfClass['version'][number];
type Point = { readonly x: number; readonly y: number; readonly rows: number };

const size = 220;
const margin = 8;

/** Whether probabilities happen as often as they say. */
export function Reliability({ report }: { readonly report: ReportView }): ReactNode {
  const { reliability, version, champion, target } = report;
  const [chosen, setChosen] = useState(reliability[0]?.class);
  const of = reliability.find((each) => each.class === chosen) ?? reliability[0];
  if (!of || pointsOf(of.version).length === 0) return null;
  const isYes = target.kind === 'boolean';
  const names = [versionTitle(version), champion && versionTitle(champion.version)];
  return (
    <Card
      title="Reliability"
      aside={
        reliability.length > 1 && (
          <Chooser
            label="Class"
            options={reliability.map((each) => ({ value: each.class, title: each.class }))}
            value={of.class}
            onChoose={setChosen}
          />
        )
      }
    >
      <Plot of={of} titles={names} what={isYes ? 'yes' : of.class} />
      <p className="faint">
        On the line, what was predicted with 70% happens 7 times of 10. Above it, predictions are too low.
        Larger dots are more rows.
      </p>
      <ChartTable
        title="Predicted probability and what happened"
        head={['Predicted', 'Happened', 'Rows', ...(of.champion ? [`Happened, ${names[1]}`] : [])]}
        rows={of.version.flatMap((bin, index) =>
          bin.rows === 0
            ? []
            : [
                [
                  formatShare(bin.meanProbability ?? 0),
                  formatShare(bin.shareOfYes ?? 0),
                  formatCount(bin.rows),
                  ...(of.champion ? [shareOr(of.champion[index]?.shareOfYes)] : []),
                ],
              ],
        )}
      />
    </Card>
  );
}

function Plot({
  of,
  titles,
  what,
}: {
  readonly of: OfClass;
  readonly titles: readonly (string | null)[];
  readonly what: string;
}): ReactNode {
  const version = pointsOf(of.version);
  const champion = of.champion && pointsOf(of.champion);
  const at = (share: number): number => margin + share * (size - 2 * margin);
  const most = Math.max(...[...version, ...(champion ?? [])].map(({ rows }) => rows));
  const off = Math.max(...version.map(({ x, y }) => Math.abs(x - y)));
  const line = (points: readonly Point[]): string =>
    points.map(({ x, y }) => `${at(x)},${at(1 - y)}`).join(' ');
  return (
    <figure className="line-chart reliability">
      <svg
        viewBox={`0 0 ${size} ${size}`}
        role="img"
        aria-label={`Predicted probability of ${what} against how often it happened: at most ${formatShare(off)} apart`}
      >
        <path className="frame" d={`M${margin},${margin} V${size - margin} H${size - margin}`} />
        <path className="zero" d={`M${at(0)},${at(1)} L${at(1)},${at(0)}`} />
        {champion && (
          <g className="beside">
            <polyline points={line(champion)} />
          </g>
        )}
        <g className="main">
          <polyline points={line(version)} />
          {version.map(({ x, y, rows }) => (
            <circle key={x} cx={at(x)} cy={at(1 - y)} r={2 + 4 * Math.sqrt(rows / most)}>
              <title>{`${formatShare(x)} predicted, ${formatShare(y)} happened, ${counted(rows, 'row')}`}</title>
            </circle>
          ))}
        </g>
      </svg>
      <div className="x-axis" aria-hidden="true">
        <span>0%</span>
        <span>Predicted</span>
        <span>100%</span>
      </div>
      <Legend
        entries={[
          { kind: 'main', title: titles[0] ?? '' },
          ...(champion ? [{ kind: 'beside', title: titles[1] ?? '' } as const] : []),
        ]}
      />
    </figure>
  );
}

/** Bins that have rows. */
function pointsOf(bins: readonly Bin[]): readonly Point[] {
  return bins.flatMap(({ rows, meanProbability, shareOfYes }) =>
    rows === 0 || meanProbability === null || shareOfYes === null
      ? []
      : [{ rows, x: meanProbability, y: shareOfYes }],
  );
}

function shareOr(share: number | null | undefined): string {
  return share === null || share === undefined ? '–' : formatShare(share);
}
