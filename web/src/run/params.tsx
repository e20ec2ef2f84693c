import type { ReactNode } from 'react';
import { Card } from '../shell/parts.tsx';

export function Params({ params }: { readonly params: Readonly<Record<string, string>> }): ReactNode {
  const entries = Object.entries(params);
  if (entries.length === 0) return null;
  return (
    <Card title="Params">
      <dl className="facts">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code title={value}>{shortened(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

/** A searched number has sixteen digits, of which nobody reads more than four. */
function shortened(value: string): string {
  const number = Number(value);
  return value.length > 8 && Number.isFinite(number) && !Number.isInteger(number)
    ? String(Number(number.toPrecision(4)))
    : value;
}
