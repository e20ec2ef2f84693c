import type { ReactNode } from 'react';
import {
  formatNumber,
  formatShare,
  type ReportView,
  type RocPointView,
} from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { Legend } from '../../charts/line-chart.tsx';
import { Card } from '../../shell/parts.tsx';
import { metricOr, versionTitle } from './beside.ts';
import { rocLine, rocRows } from './roc-points.ts';

const size = 220;
const margin = 8;
const at = (share: number): number => margin + share * (size - 2 * margin);

/** Of yes or no: how many of the yes are found for how many false alarms, at every cutoff. */
export function Roc({ report }: { readonly report: ReportView }): ReactNode {
  const { roc, champion, version, metrics } = report;
  if (!roc) return null;
  const { version: points, champion: beside } = roc;
  const area = metrics.find(({ name }) => name === 'auc');
  const besideTitle = champion && beside ? versionTitle(champion.version) : undefined;
  if (!points)
    return (
      <Card title="ROC curve">
        <p className="faint">
          The report of this run, of an earlier release, has too few points for the curve. A new run has it.
        </p>
      </Card>
    );
  return (
    <Card
      title="ROC curve"
      aside={area && <span className="faint">AUC {metricOr(area.name, area.value)}</span>}
    >
      <figure className="line-chart reliability">
        <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={sentenceOf(points)}>
          <path className="frame" d={`M${margin},${margin} V${size - margin} H${size - margin}`} />
          <path className="zero" d={`M${at(0)},${at(1)} L${at(1)},${at(0)}`} />
          {beside && besideTitle !== undefined && (
            <g className="beside">
              <polyline points={pathOf(beside)} />
            </g>
          )}
          <g className="main">
            <polyline points={pathOf(points)} />
          </g>
        </svg>
        <div className="x-axis" aria-hidden="true">
          <span>0%</span>
          <span>False alarms, of the no</span>
          <span>100%</span>
        </div>
        <Legend
          entries={[
            { kind: 'main', title: versionTitle(version) },
            ...(besideTitle === undefined ? [] : [{ kind: 'beside', title: besideTitle } as const]),
          ]}
        />
      </figure>
      <p className="faint">
        Upwards: the yes that are found. The higher above the dashed line, the better; on it, the model
        guesses.
      </p>
      <ChartTable
        title="Found and false alarms by cutoff"
        head={['Yes from', 'False alarms, of the no', 'Found, of the yes']}
        rows={rocRows(points).map(({ from, falseAlarms, found }) => [
          `${formatNumber(100 * from)}%`,
          formatShare(falseAlarms),
          formatShare(found),
        ])}
      />
    </Card>
  );
}

function pathOf(points: readonly RocPointView[]): string {
  return rocLine(points)
    .map(([x, y]) => `${at(x)},${at(1 - y)}`)
    .join(' ');
}

const mostAlarms = 0.2;

/** What the curve shows at the last cutoff with few false alarms. */
function sentenceOf(points: readonly RocPointView[]): string {
  const last = points.findLast(({ falseAlarms }) => falseAlarms <= mostAlarms);
  return last
    ? `With ${formatShare(last.falseAlarms)} false alarms, ${formatShare(last.found)} of the yes are found`
    : 'Found and false alarms at every cutoff: the table below has the numbers';
}
