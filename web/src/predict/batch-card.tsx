import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useRef, useState } from 'react';
import type { EndpointView } from '../../../src/client/index.ts';
import { client } from '../queries.ts';
import { asErrorBody } from '../shell/error-body.ts';
import { Card, ErrorNote } from '../shell/parts.tsx';
import { useFileDrop } from './batch-drop.ts';
import { BatchList } from './batch-list.tsx';
import { BatchPreviewTable } from './batch-preview.tsx';
import { BatchProgress } from './batch-progress.tsx';
import { batchesQuery, batchQuery } from './batch-queries.ts';
import './batch.css';

/** Predictions for every row of a file: choose it, look at the first rows, start, and download. */
export function BatchCard({ endpoint }: { readonly endpoint: EndpointView }): ReactNode {
  const queries = useQueryClient();
  const [opened, setOpened] = useState<string>();
  const store = useMutation({
    mutationFn: (file: File) =>
      client.createBatch({ endpoint: endpoint.name, file: file.name, content: file }),
    onMutate: () => setOpened(undefined),
    onSuccess(stored) {
      queries.setQueryData(batchQuery(stored.id).queryKey, stored);
      setOpened(stored.id);
    },
    onSettled: () => queries.invalidateQueries({ queryKey: batchesQuery(endpoint.name).queryKey }),
  });
  const stored = store.data?.id === opened ? store.data : undefined;
  return (
    <Card
      title="From a file"
      className="batch"
      aside={<span className="faint">CSV, plain or as gzip, xz or zip, up to 500 MB</span>}
    >
      <DropZone isBusy={store.isPending} onFile={(file) => store.mutate(file)} />
      {store.error && <ErrorNote error={asErrorBody(store.error)} title="The file was not taken" />}
      {opened !== undefined && <BatchProgress key={opened} batch={opened} endpoint={endpoint.name} />}
      {stored && <BatchPreviewTable batch={stored} target={endpoint.target.type} />}
      <BatchList endpoint={endpoint.name} opened={opened} onOpen={setOpened} />
    </Card>
  );
}

interface DropZoneProps {
  readonly isBusy: boolean;
  readonly onFile: (file: File) => void;
}

function DropZone({ isBusy, onFile }: DropZoneProps): ReactNode {
  const zone = useRef<HTMLFieldSetElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined): void => {
    if (file && !isBusy) onFile(file);
  };
  const isOver = useFileDrop(zone, take);
  return (
    <fieldset ref={zone} className={isOver ? 'drop over' : 'drop'} aria-label="File to predict">
      <input
        ref={input}
        type="file"
        accept=".csv,.tsv,.txt,.gz,.xz,.zip,text/csv"
        aria-label="File to predict"
        hidden
        onChange={(event) => {
          take(event.target.files?.[0]);
          // The same file can be chosen again after it was corrected.
          event.target.value = '';
        }}
      />
      <button type="button" aria-disabled={isBusy} onClick={() => !isBusy && input.current?.click()}>
        {isBusy && <span className="spinner" aria-hidden="true" />}
        {isBusy ? 'Reading the file' : 'Choose a file'}
      </button>
      <span className="muted drop-hint">or drop it here. Its columns are matched by name.</span>
    </fieldset>
  );
}
