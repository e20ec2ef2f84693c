import type { ReactNode } from 'react';
import type { SignatureColumn, SignatureView } from '../../../src/client/index.ts';
import { Card, useLimit } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';

/** What a version takes and returns; why that is not known, where it is not. */
export function SignatureCard({
  signature,
  isHere,
}: {
  readonly signature: SignatureView | null;
  /** Whether the files of the version are in a store of this server. */
  readonly isHere: boolean;
}): ReactNode {
  if (!signature)
    return (
      <Card title="Signature">
        <p className="muted">
          {isHere
            ? 'Its files have no signature: log the model with an input example or a signature.'
            : 'Its files are in another store, where this server does not read them.'}
        </p>
      </Card>
    );
  const { inputs, outputs, params } = signature;
  return (
    <Card
      title="Signature"
      aside={
        <span className="faint">
          {counted(inputs.length, 'input')}, {counted(outputs.length, 'output')}
        </span>
      }
    >
      <Columns title="Inputs" columns={inputs} />
      <Columns title="Outputs" columns={outputs} />
      <Columns title="Params" columns={params} />
    </Card>
  );
}

const columnsAtFirst = 20;

interface ColumnsProps {
  readonly title: 'Inputs' | 'Outputs' | 'Params';
  readonly columns: readonly SignatureColumn[];
}

function Columns({ title, columns }: ColumnsProps): ReactNode {
  const [limit, more] = useLimit(columns.length, columnsAtFirst);
  if (columns.length === 0) return null;
  return (
    <section>
      <h3>{title}</h3>
      <dl className="facts signature">
        {columns.slice(0, limit).map(({ name, type, required, default: fallback }, index) => (
          // Columns may have no name, or share one.
          // oxlint-disable-next-line react/no-array-index-key -- a column has no other identity than its place
          <div key={index}>
            <dt>{name === '' ? <em>without a name</em> : name}</dt>
            <dd>
              <code>{type}</code>
              {title === 'Inputs' && !required && <span className="faint"> optional</span>}
              {fallback !== null && (
                <span className="faint">
                  {' '}
                  by default <code>{fallback}</code>
                </span>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {more}
    </section>
  );
}
