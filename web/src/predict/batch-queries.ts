import type { BatchView } from '../../../src/client/index.ts';
import { client, read, type Read } from '../queries.ts';

/** The latest files of an endpoint. */
export function batchesQuery(endpoint: string): Read<readonly BatchView[]> {
  return read(['batches', endpoint], (asking) => client.listBatches({ endpoint, limit: 20 }, asking));
}

/** How far a file is. */
export function batchQuery(batch: string): Read<BatchView> {
  return read(['batch', batch], (asking) => client.getBatch({ batch }, asking));
}

/** Milliseconds between two looks at a batch that is waiting or running. */
export const lookEvery = 1000;

export function isWaiting({ status }: BatchView): boolean {
  return status === 'queued' || status === 'running';
}
