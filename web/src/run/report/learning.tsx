import type { ReactNode } from 'react';
import { capitalized, formatNumber, type LearningCurve } from '../../../../src/client/index.ts';
import { ChartTable } from '../../charts/chart-table.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { Card } from '../../shell/parts.tsx';
import { formatAligned } from '../../text/numbers.ts';

/** How the loss fell on the rows of the fit, and on rows that it did not learn from. */
export function Learning({ curve }: { readonly curve: LearningCurve }): ReactNode {
  const { loss, rounds, points, kept } = curve;
  const last = points.at(-1);
  if (!last) return null;
  const title = `${capitalized(loss)} by number of ${rounds}`;
  return (
    <Card title="Learning curve" aside={<span className="faint">{title}</span>}>
      {points.length > 1 && (
        <LineChart
          title={`${title}: at the end ${formatNumber(last.train)} on training rows and ${formatNumber(last.validation)} on validation rows; ${kept} ${rounds} were kept`}
          x={points.map(({ round }) => round)}
          lines={[
            { kind: 'main', title: 'Validation rows', values: points.map(({ validation }) => validation) },
            { kind: 'beside', title: 'Training rows', values: points.map(({ train }) => train) },
          ]}
          ends={[String(points[0]?.round), `${last.round} ${rounds}`]}
          mark={Math.min(kept, last.round)}
        />
      )}
      <p className="faint">
        {kept < last.round
          ? `The model kept ${kept} ${rounds}: more did not lower the loss on validation rows.`
          : `The model kept all ${kept} ${rounds}.`}
      </p>
      <ChartTable
        title={title}
        head={[capitalized(rounds), 'Training rows', 'Validation rows']}
        rows={points.map(({ round, train, validation }) => [
          String(round),
          formatAligned(train),
          formatAligned(validation),
        ])}
      />
    </Card>
  );
}
