import type { ReactNode } from 'react';
import { Card, useLimit } from '../shell/parts.tsx';

const entriesAtFirst = 20;

/** Keys with their values in a card; nothing without a key. */
export function Entries({
  title,
  entries,
}: {
  readonly title: string;
  readonly entries: Readonly<Record<string, string>>;
}): ReactNode {
  const list = Object.entries(entries);
  const [limit, more] = useLimit(list.length, entriesAtFirst);
  if (list.length === 0) return null;
  return (
    <Card title={title} aside={<span className="faint">{list.length}</span>}>
      <dl className="facts">
        {list.slice(0, limit).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
      {more}
    </Card>
  );
}
