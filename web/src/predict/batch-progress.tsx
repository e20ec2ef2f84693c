import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { type BatchView, formatCount } from '../../../src/client/index.ts';
import { client } from '../queries.ts';
import { asErrorBody } from '../shell/error-body.ts';
import { ErrorNote, useLimit } from '../shell/parts.tsx';
import { counted } from '../text/numbers.ts';
import { batchesQuery, batchQuery, isWaiting, lookEvery } from './batch-queries.ts';

const warningsFirst = 5;

interface BatchProgressProps {
  readonly batch: string;
  readonly endpoint: string;
}

/** A file with what can be done with it: start, cancel, download. */
export function BatchProgress({ batch: id, endpoint }: BatchProgressProps): ReactNode {
  const queries = useQueryClient();
  const query = useQuery({
    ...batchQuery(id),
    refetchInterval: ({ state }) => (state.data && isWaiting(state.data) ? lookEvery : false),
  });
  const section = useRef<HTMLElement>(null);
  const store = (view: BatchView): void => {
    queries.setQueryData(batchQuery(id).queryKey, view);
    // The button that was pressed goes; the keyboard continues at what replaces it.
    section.current?.focus({ preventScroll: true });
  };
  const start = useMutation({ mutationFn: () => client.startBatch({ batch: id }), onSuccess: store });
  const cancel = useMutation({ mutationFn: () => client.cancelBatch({ batch: id }), onSuccess: store });
  const batch = query.data;
  const status = batch?.status;
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: batchesQuery(endpoint).queryKey });
  }, [queries, endpoint, status]);
  const error = start.error ?? cancel.error ?? query.error;
  return (
    <section ref={section} tabIndex={-1} className="batch-progress" aria-label="Progress">
      {error && <ErrorNote error={asErrorBody(error)} />}
      {batch && (
        <>
          <div className="batch-line">
            <span className="batch-name">
              <strong>{batch.file}</strong>{' '}
              <span className="tag accent">
                {batch.model} v{batch.version}
              </span>
            </span>
            <output aria-live="polite">{formatState(batch)}</output>
          </div>
          {batch.rows.total !== null && (
            <progress
              aria-label={`Rows of ${batch.file}`}
              max={Math.max(1, batch.rows.total)}
              value={batch.rows.total === 0 ? 1 : batch.rows.done}
            />
          )}
          <Warnings batch={batch} />
          {batch.error && <ErrorNote error={batch.error} title="It stopped" />}
          <div className="actions">
            {canStart(batch) && (
              <button type="button" className="primary" onClick={() => start.mutate()}>
                {batch.status === 'ready' ? 'Predict all rows' : 'Continue'}
              </button>
            )}
            {isWaiting(batch) && (
              <button
                type="button"
                aria-disabled={batch.cancelRequested}
                onClick={() => !batch.cancelRequested && cancel.mutate()}
              >
                {batch.cancelRequested ? 'Stopping' : 'Cancel'}
              </button>
            )}
            {canDownload(batch) && (
              <a
                className={batch.status === 'finished' ? 'button primary' : 'button'}
                href={`/api/batches/${batch.id}/output`}
                download
              >
                {batch.status === 'finished' ? 'Download' : 'Download what is done'}
              </a>
            )}
            {isWaiting(batch) && <span className="faint">It continues without this page.</span>}
          </div>
        </>
      )}
    </section>
  );
}

/** Values that the version did not learn from, so that somebody looks at these rows. */
function Warnings({ batch: { warnings } }: { readonly batch: BatchView }): ReactNode {
  const [limit, more] = useLimit(warnings.length, warningsFirst);
  if (warnings.length === 0) return null;
  return (
    <section className="batch-warnings" aria-label="Unlike the training data">
      <h3>Unlike what the model learned from</h3>
      <ul>
        {warnings.slice(0, limit).map(({ field, unlike, message }) => (
          <li key={`${unlike} ${field}`}>{message}</li>
        ))}
      </ul>
      {more}
    </section>
  );
}

/** '300 of 900 rows, 2 without a prediction' */
function formatState({ status, rows: { total, done, refused } }: BatchView): string {
  const without = refused > 0 ? `, ${formatCount(refused)} without a prediction` : '';
  const part = total === null ? '' : `${formatCount(done)} of ${counted(total, 'row')}${without}`;
  switch (status) {
    case 'ready':
      return 'Not started';
    case 'queued':
      return part === '' ? 'Waits for its turn' : `Waits, ${part}`;
    case 'running':
      return part === '' ? 'Counts the rows' : part;
    case 'finished':
      return `${counted(done, 'row')}${without}`;
    case 'cancelled':
      return part === '' ? 'Cancelled' : `Cancelled at ${part}`;
    case 'failed':
      return part === '' ? 'Failed' : `Failed at ${part}`;
  }
}

function canStart({ status }: BatchView): boolean {
  return status === 'ready' || status === 'failed' || status === 'cancelled';
}

function canDownload(batch: BatchView): boolean {
  return batch.outputSize > 0 && !isWaiting(batch);
}
