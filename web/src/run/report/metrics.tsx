import type { ReactNode } from 'react';
import type { ReportHead, ReportView } from '../../../../src/client/index.ts';
import { Card } from '../../shell/parts.tsx';
import { metricMeaning } from '../../text/metrics.ts';
import { comparedIn, metricOr } from './beside.ts';
import { ScrollArea } from '../../shell/scroll-area.tsx';

interface MetricsProps {
  readonly report: ReportHead & { readonly metrics: ReportView['metrics'] };
}

/** Every metric of the version and of what it is beside. */
export function Metrics({ report }: MetricsProps): ReactNode {
  const compared = comparedIn(report);
  if (report.rows === 0 || report.metrics.length === 0) return null;
  return (
    <Card title={report.champion ? `Beside v${report.champion.version}, which was live` : 'Metrics'}>
      <ScrollArea label="Metrics">
        <table>
          <thead>
            <tr>
              <th scope="col">Metric</th>
              {compared.map(({ title }) => (
                <th key={title} scope="col" className="n wrap">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.metrics.map((metric) => (
              <tr key={metric.name}>
                <th scope="row" title={metricMeaning(metric.name)}>
                  {metric.title}
                  {metric.unit !== null && <span className="faint"> {metric.unit}</span>}
                </th>
                {compared.map(({ title, of }) => (
                  <td key={title} className="n">
                    {metricOr(metric.name, of(metric))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
    </Card>
  );
}
