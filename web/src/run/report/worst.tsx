import type { ReactNode } from 'react';
import {
  formatCount,
  formatExact,
  formatNumber,
  formatShare,
  formatSigned,
  type NumberForm,
  type ReportView,
} from '../../../../src/client/index.ts';
import { Card, useLimit } from '../../shell/parts.tsx';
import { ScrollArea } from '../../shell/scroll-area.tsx';

type WorstRow = ReportView['worst'][number];
type Cell = WorstRow['values'][number]['value'];

const shownFirst = 5;

/** The test rows with the largest errors, with what a caller would have sent. */
export function Worst({ report }: { readonly report: ReportView }): ReactNode {
  const { worst, unit, target } = report;
  const [limit, more] = useLimit(worst.length, shownFirst);
  const [first] = worst;
  if (!first) return null;
  const suffix = unit === null ? '' : `, ${unit}`;
  const offs = worst.map(offOf);
  const largest = Math.max(0, ...offs.map((off) => Math.abs(off ?? 0)));
  return (
    <Card title="Worst rows" aside={<span className="faint">Largest errors first</span>}>
      <ScrollArea label="Worst rows" className="worst-rows">
        <table>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col" className="n">
                Truth{suffix}
              </th>
              <th scope="col" className="n">
                Predicted{suffix}
              </th>
              {target.kind === 'number' && (
                <th scope="col" className="n">
                  Off
                </th>
              )}
              {first.values.map(({ title }) => (
                <th key={title} scope="col">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {worst.slice(0, limit).map((row, index) => (
              <tr key={row.row}>
                <th scope="row" data-title="Row">
                  {formatCount(row.row)}
                </th>
                <td className="n" data-title={`Truth${suffix}`}>
                  {cellText(row.truth, 'amount')}
                </td>
                <td className="n" data-title={`Predicted${suffix}`}>
                  {predictedText(row)}
                </td>
                {target.kind === 'number' && (
                  <td className="n bad-word" data-title="Off">
                    {offText(offs[index] ?? null, largest)}
                  </td>
                )}
                {row.values.map(({ title, form, value }) => (
                  <td key={title} data-title={title} title={typeof value === 'string' ? value : undefined}>
                    <span className="cut">{cellText(value, form)}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {more}
    </Card>
  );
}

/** Prediction − truth; null where one is no number. */
function offOf({ truth, predicted }: WorstRow): number | null {
  return typeof truth === 'number' && typeof predicted === 'number' ? predicted - truth : null;
}

function offText(off: number | null, largest: number): string {
  return off === null ? '–' : formatSigned(off, largest);
}

function cellText(value: Cell, form: NumberForm): string {
  if (value === null) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' ? formatExact(value, form) : value;
}

/** The number, the probability of yes, or the most probable classes. */
function predictedText({ predicted }: WorstRow): string {
  if (predicted === null) return 'not a number';
  if (typeof predicted === 'number') return formatNumber(predicted);
  const entries = Object.entries(predicted);
  const [yes] = entries;
  if (entries.length === 1 && yes?.[0] === 'true') return `yes ${shareText(yes[1])}`;
  return entries.map(([name, probability]) => `${name} ${shareText(probability)}`).join(', ');
}

function shareText(probability: number | null): string {
  return probability === null ? 'not a number' : formatShare(probability);
}
