import { type ReactNode, useId, useState } from 'react';
import { formatCount, formatShare, type ReportView } from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { Card } from '../../shell/parts.tsx';
import { counted } from '../../text/numbers.ts';
import { type AtCutoff, atCutoff } from './at-cutoff.ts';
import { versionTitle } from './beside.ts';
import { ScrollArea } from '../../shell/scroll-area.tsx';

const percents = Array.from({ length: 101 }, (_, percent) => percent);

/** What follows from the probability from which a row is called a yes; the reader moves it. */
export function Cutoff({ report }: { readonly report: ReportView }): ReactNode {
  const [percent, setPercent] = useState(50);
  const id = useId();
  if (!report.cutoffs) return null;
  const { version, champion } = report.cutoffs;
  const all = percents.map((each) => atCutoff(version, each));
  const at = atCutoff(version, percent);
  const beside = champion && atCutoff(champion, percent);
  return (
    <Card title="From which probability to say yes">
      <LineChart
        title={`At a cutoff of ${percent}%, ${shareOr(at.recall)} of the rows that were a yes are found, and ${shareOr(at.precision)} of the called ones were a yes`}
        x={percents}
        lines={[
          { kind: 'main', title: 'Found, of the yes', values: all.map(({ recall }) => recall) },
          { kind: 'rival', title: 'Right, of the called', values: all.map(({ precision }) => precision) },
        ]}
        ends={['from 0%', 'from 100%']}
        mark={percent}
        format={formatShare}
      />
      <div className="cutoff">
        <label htmlFor={id}>Yes from</label>
        <input
          id={id}
          type="range"
          min={0}
          max={100}
          step={1}
          value={percent}
          aria-valuetext={`${percent}%`}
          onChange={(event) => setPercent(Number(event.target.value))}
        />
        <output htmlFor={id}>{percent}%</output>
      </div>
      <p>
        {formatCount(at.called)} of {counted(version.rows, 'row')} are called a yes,{' '}
        <strong>{shareOr(at.precision)}</strong> of them rightly. <strong>{shareOr(at.recall)}</strong> of the{' '}
        {formatCount(version.yes)} that were a yes are found.
        {beside && report.champion && (
          <span className="faint">
            {' '}
            {versionTitle(report.champion.version)}: {shareOr(beside.precision)} rightly,{' '}
            {shareOr(beside.recall)} found.
          </span>
        )}
      </p>
      <Matrix at={at} />
      <ChartTable
        title="By cutoff"
        head={['Yes from', 'Called', 'Right, of the called', 'Found, of the yes']}
        rows={percents
          .filter((each) => each % 5 === 0)
          .map((each) => {
            const { called, precision, recall } = atCutoff(version, each);
            return [`${each}%`, formatCount(called), shareOr(precision), shareOr(recall)];
          })}
      />
    </Card>
  );
}

function Matrix({ at }: { readonly at: AtCutoff }): ReactNode {
  return (
    <ScrollArea label="Rows at this cutoff">
      <table className="confusion" aria-label="What was called and what happened">
        <thead>
          <tr>
            <th scope="col">Actual</th>
            <th scope="col" className="n">
              Called yes
            </th>
            <th scope="col" className="n">
              Called no
            </th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Yes</th>
            <td className="n right">{formatCount(at.right)}</td>
            <td className="n">{formatCount(at.missed)}</td>
          </tr>
          <tr>
            <th scope="row">No</th>
            <td className="n">{formatCount(at.wrong)}</td>
            <td className="n right">{formatCount(at.rightNo)}</td>
          </tr>
        </tbody>
      </table>
    </ScrollArea>
  );
}

function shareOr(share: number | null): string {
  return share === null ? '–' : formatShare(share);
}
