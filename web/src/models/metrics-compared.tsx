import type { ReactNode } from 'react';
import { formatSigned, type ModelVersionRow } from '../../../src/client/index.ts';
import { ScrollArea } from '../shell/scroll-area.tsx';
import { metricMeaning } from '../text/metrics.ts';
import { formatAligned } from '../text/numbers.ts';

interface MetricsComparedProps {
  readonly version: Pick<ModelVersionRow, 'version' | 'metrics'>;
  readonly against: Pick<ModelVersionRow, 'version' | 'metrics'>;
}

/** The test figures of two versions side by side; nothing where one has none. */
export function MetricsCompared({ version, against }: MetricsComparedProps): ReactNode {
  const rows = version.metrics.flatMap((metric) => {
    const other = against.metrics.find(({ name }) => name === metric.name);
    return other ? [{ metric, before: other.value }] : [];
  });
  if (rows.length === 0) return null;
  return (
    <ScrollArea label="Test figures of both versions">
      <table>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col" className="n">
              v{version.version}
            </th>
            <th scope="col" className="n">
              v{against.version}
            </th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ metric, before }) => (
            <tr key={metric.name}>
              <th scope="row" title={metricMeaning(metric.name)}>
                {metric.unit === null ? metric.title : `${metric.title}, ${metric.unit}`}
              </th>
              <td className="n">{formatAligned(metric.value)}</td>
              <td className="n">{formatAligned(before)}</td>
              <td>
                <Change by={metric.value - before} better={metric.better} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}

interface ChangeProps {
  readonly by: number;
  readonly better: 'lower' | 'higher' | 'neither';
}

/** '0.31 better', '0.2 worse'; for a metric without a good side the signed change. */
function Change({ by, better }: ChangeProps): ReactNode {
  if (by === 0) return <span className="faint">the same</span>;
  if (better === 'neither' || !Number.isFinite(by)) return formatSigned(by, by);
  const isBetter = better === 'lower' ? by < 0 : by > 0;
  const size = Math.abs(by);
  return (
    <span className={isBetter ? 'good-word' : 'bad-word'}>
      {formatSigned(size, size).replace(/^\+/, '')} {isBetter ? 'better' : 'worse'}
    </span>
  );
}
