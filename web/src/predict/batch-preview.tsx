import type { ReactNode } from 'react';
import type { EndpointView, NewBatchView } from '../../../src/client/index.ts';
import { useLimit } from '../shell/parts.tsx';
import { counted, formatNumber } from '../text/numbers.ts';
import { hasPredictedNumbers, numberIn, outputColumns } from './preview-cells.ts';
import { ScrollArea } from '../shell/scroll-area.tsx';

/** Columns of the file; the prediction needs the place. */
const inputsShown = 4;

interface BatchPreviewProps {
  readonly batch: NewBatchView;
  readonly target: EndpointView['target']['type'];
}

/** How the columns were matched, and the first rows with their predictions, which come first so that a phone shows them. */
export function BatchPreviewTable({ batch, target }: BatchPreviewProps): ReactNode {
  const { preview, matched, ignored, absent, reading } = batch;
  const { predicted, version, reason } = outputColumns(preview);
  const inputs = matched.slice(0, inputsShown).map(({ index }) => index);
  const columns = [...predicted, ...inputs, version];
  return (
    <section className="batch-preview" aria-label="First rows">
      <dl className="facts">
        <Names
          title="Used"
          names={matched.map(({ field, column }) => (field === column ? field : `${field} from ${column}`))}
        />
        <Names title="Not used" names={ignored} />
        <Names title="Optional, not in the file" names={absent} />
        {reading.length > 0 && (
          <div>
            <dt>Read as</dt>
            <dd>
              {reading.map((line) => (
                <div key={line}>{line}</div>
              ))}
            </dd>
          </div>
        )}
      </dl>
      {preview.rows.length === 0 ? (
        <p className="muted">The file has a header and no rows.</p>
      ) : (
        <ScrollArea label="Table of the first rows">
          <table>
            <caption className="faint">
              The first {counted(preview.rows.length, 'row')}
              {preview.refused > 0 && `, ${preview.refused} of them without a prediction`}
            </caption>
            <thead>
              <tr>
                {columns.map((at) => (
                  <th key={at} scope="col">
                    {preview.columns[at]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {preview.rows.map((row, index) => (
                <tr key={index}>
                  {row[reason] ? (
                    <td className="words bad-word" colSpan={predicted.length}>
                      {row[reason]}
                    </td>
                  ) : (
                    predicted.map((at) => (
                      <PredictedCell
                        key={at}
                        text={row[at] ?? ''}
                        isNumber={hasPredictedNumbers(at, preview, target.kind)}
                      />
                    ))
                  )}
                  {[...inputs, version].map((at) => (
                    <td key={at} title={row[at]}>
                      {row[at]}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      )}
    </section>
  );
}

interface PredictedCellProps {
  readonly text: string;
  /** A class may look like one. */
  readonly isNumber: boolean;
}

/** The file has every digit of a predicted number; the page has what other pages have, and every digit on hover. */
function PredictedCell({ text, isNumber }: PredictedCellProps): ReactNode {
  const value = isNumber ? numberIn(text) : undefined;
  return <td title={text}>{value === undefined ? text : formatNumber(value)}</td>;
}

const namesFirst = 8;

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }): ReactNode {
  const [limit, more] = useLimit(names.length, namesFirst);
  if (names.length === 0) return null;
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        {names.slice(0, limit).join(', ')} {more}
      </dd>
    </div>
  );
}
