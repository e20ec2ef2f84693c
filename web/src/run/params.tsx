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
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
