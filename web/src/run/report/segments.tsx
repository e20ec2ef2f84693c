import { type ReactNode, useState } from 'react';
import type { ReportView } from '../../../../src/client/index.ts';
import { Card } from '../../shell/parts.tsx';
import { comparedIn, versionTitle } from './beside.ts';
import { Chooser } from './chooser.tsx';
import { GroupTable } from './group-table.tsx';
import { withUnit } from './over-time.tsx';

/** The metric by the values of a field, which the reader chooses. */
export function Segments({ report }: { readonly report: ReportView }): ReactNode {
  const { segments, segmentMetrics, metric, version } = report;
  const [chosen, setChosen] = useState(segments[0]?.column);
  const of = segments.find(({ column }) => column === chosen) ?? segments[0];
  if (!of || !metric) return null;
  return (
    <Card
      title="By field"
      className="by-field"
      aside={
        <Chooser
          label="Field"
          options={segments.map(({ column, title }) => ({ value: column, title }))}
          value={of.column}
          onChoose={setChosen}
        />
      }
    >
      <GroupTable
        title={`${metric.title} by ${of.title}`}
        first={of.title}
        metric={metric}
        compared={comparedIn(report)}
        groups={of.groups}
        further={segmentMetrics}
      />
      <p className="faint">
        {withUnit(metric)}
        {segmentMetrics.length > 0 && `; the last columns are other metrics of ${versionTitle(version)}`}.
        Fields where errors differ most come first.
      </p>
    </Card>
  );
}
