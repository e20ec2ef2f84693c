import type { ReactNode } from 'react';
import type { EndpointView, NewBatchView } from '../../../src/client/index.ts';
import { useLimit } from '../shell/parts.tsx';
import { counted, formatNumber } from '../text/numbers.ts';
import { hasPredictedNumbers, numberIn } from './preview-cells.ts';

interface BatchPreviewProps {
  readonly batch: NewBatchView;
  readonly target: EndpointView['target']['type'];
}

/** How the columns were matched, and the first rows with their predictions. */
export function BatchPreviewTable({ batch, target }: BatchPreviewProps): ReactNode {
  const { preview, matched, ignored, absent, reading } = batch;
  const inputs = matched.map(({ index }) => index);
  const columns = [...inputs.slice(0, 4), ...rangeOf(preview.inputColumns, preview.columns.length)];
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
        <div className="scroll">
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
                  {columns.map((at) => (
                    <Cell
                      key={at}
                      text={row[at] ?? ''}
                      isNumber={hasPredictedNumbers(at, preview, target.kind)}
                      isReason={at === preview.columns.length - 1}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

interface CellProps {
  readonly text: string;
  /** Whether it is a number of the prediction; a class may look like one. */
  readonly isNumber: boolean;
  readonly isReason: boolean;
}

/** The file has every digit of a predicted number; the page has what other pages have, and every digit on hover. */
function Cell({ text, isNumber, isReason }: CellProps): ReactNode {
  if (isReason) return <td className="words bad-word">{text}</td>;
  const value = isNumber ? numberIn(text) : undefined;
  return value === undefined ? <td>{text}</td> : <td title={text}>{formatNumber(value)}</td>;
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

function rangeOf(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
