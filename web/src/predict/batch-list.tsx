import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type BatchView, formatCount } from '../../../src/client/index.ts';
import { useLimit } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';
import { Ago } from '../text/times.tsx';
import { batchesQuery, isWaiting, lookEvery } from './batch-queries.ts';

interface BatchListProps {
  readonly endpoint: string;
  /** The file that is open. */
  readonly opened: string | undefined;
  readonly onOpen: (batch: string) => void;
}

const listedFirst = 5;

/** The latest files; each opens with its progress and its download. */
export function BatchList({ endpoint, opened, onOpen }: BatchListProps): ReactNode {
  const { data: batches = [] } = useQuery({
    ...batchesQuery(endpoint),
    refetchInterval: ({ state }) => (state.data?.some(isWaiting) ? lookEvery * 2 : false),
  });
  const others = batches.filter(({ id }) => id !== opened);
  const [limit, more] = useLimit(others.length, listedFirst);
  if (others.length === 0) return null;
  return (
    <section className="batch-list" aria-label="Recent files">
      <h3>Recent files</h3>
      <ul>
        {others.slice(0, limit).map((batch) => (
          <li key={batch.id}>
            <button type="button" className="quiet" onClick={() => onOpen(batch.id)}>
              {batch.file}
            </button>
            <span className="faint">
              v{batch.version}, {formatStatus(batch)}, <Ago at={batch.endedAt ?? batch.createdAt} />
            </span>
          </li>
        ))}
      </ul>
      {more}
      <p className="faint">Files are removed 7 days after they were predicted.</p>
    </section>
  );
}

function formatStatus({ status, rows: { total, done } }: BatchView): string {
  if (status === 'finished') return counted(done, 'row');
  if (status === 'ready') return 'not started';
  return total === null ? status : `${status}, ${formatCount(done)} of ${counted(total, 'row')}`;
}
