import type { ReactNode } from 'react';
import { type DataTableDetails, formatCount } from '../../../src/client/index.ts';
import { Card, useLimit } from '../shell/parts.tsx';
import { ScrollArea } from '../shell/scroll-area.tsx';
import { leftOut, unlisted } from './column-text.ts';

const shownFirst = 8;

/** Columns that no model uses, with the reason. */
export function LeftOutCard({ table }: { readonly table: DataTableDetails }): ReactNode {
  const columns = leftOut(table);
  const others = unlisted(table);
  const [limit, more] = useLimit(columns.length, shownFirst);
  if (columns.length === 0) return null;
  return (
    <Card
      title="Left out, and why"
      aside={<span className="faint">{formatCount(columns.length + others)}</span>}
    >
      <ul className="left-out">
        {columns.slice(0, limit).map(({ name, why }) => (
          <li key={name}>
            <strong>{name}</strong>
            <span className="faint">{why}</span>
          </li>
        ))}
      </ul>
      {more}
      {others > 0 && (
        <p className="faint">And {formatCount(others)} more columns that the row schema does not name.</p>
      )}
    </Card>
  );
}

/** Rows that the reader could not read, the first of them with file, line and reason. */
export function SetAside({ table: { reading, latest } }: { readonly table: DataTableDetails }): ReactNode {
  const rejects = reading?.rejects ?? [];
  const [limit, more] = useLimit(rejects.length, shownFirst);
  if (!reading || reading.rejected === 0) return null;
  const all = (latest?.rows ?? 0) + reading.rejected;
  return (
    <Card
      title="Set aside"
      aside={
        <span className="faint">
          {formatCount(reading.rejected)} of {formatCount(all)} rows
        </span>
      }
    >
      <ScrollArea label="Rows set aside">
        <table className="folding">
          <thead>
            <tr>
              <th scope="col">Where</th>
              <th scope="col">Column</th>
              <th scope="col">Value</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {rejects.slice(0, limit).map(({ file, line, column, value, reason }) => (
              <tr key={`${file} ${line} ${column}`}>
                <th scope="row">
                  {file}, line {formatCount(line)}
                </th>
                <td>{column ?? 'the whole line'}</td>
                <td className="cell" title={value ?? undefined}>
                  {value === null ? '–' : <code>{value}</code>}
                </td>
                <td className="words">{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollArea>
      {more}
      {reading.rejected > rejects.length && (
        <p className="faint">The first {formatCount(rejects.length)} are listed.</p>
      )}
    </Card>
  );
}
