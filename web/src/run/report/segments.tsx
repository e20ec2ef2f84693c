import { type ReactNode, useState } from 'react';
import { formatCount, type ReportView } from '../../../../src/client/index.ts';
import { Card } from '../../shell/parts.tsx';
import { comparedIn, metricOr } from './beside.ts';
import { Chooser } from './chooser.tsx';
import { titleOf } from './over-time.tsx';

/** The metric by the values of a field, which the reader chooses. */
export function Segments({ report }: { readonly report: ReportView }): ReactNode {
  const { segments, metric } = report;
  const [chosen, setChosen] = useState(segments[0]?.column);
  const of = segments.find(({ column }) => column === chosen) ?? segments[0];
  if (!of || !metric) return null;
  const compared = comparedIn(report);
  const largest = Math.max(...of.groups.map(({ value }) => Math.abs(value ?? 0)), 1e-9);
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
      <div className="scroll">
        <table aria-label={`${metric.title} by ${of.title}`}>
          <thead>
            <tr>
              <th scope="col">{of.title}</th>
              <th scope="col" className="n">
                Rows
              </th>
              <th scope="col" aria-hidden="true" className="bar-cell" />
              {compared.map(({ of: which, title }) => (
                <th key={which} scope="col" className="n wrap">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.groups.map((group) => (
              <tr key={group.name}>
                <th scope="row" title={group.name}>
                  <span className="cut">{group.name}</span>
                </th>
                <td className="n">{formatCount(group.rows)}</td>
                <td aria-hidden="true" className="bar-cell">
                  <i style={{ width: `${(Math.abs(group.value ?? 0) / largest) * 100}%` }} />
                </td>
                {compared.map(({ of: which }) => (
                  <td key={which} className="n">
                    {metricOr(metric.name, group[which])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="faint">{titleOf(metric)}. Fields where errors differ most come first.</p>
    </Card>
  );
}
