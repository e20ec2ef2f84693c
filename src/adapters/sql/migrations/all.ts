import { baseline } from './0001-baseline.ts';
import { batches } from './0002-batches.ts';
import { batchParts } from './0003-batch-parts.ts';
import { batchSenders } from './0004-batch-senders.ts';
import type { Migration } from './migration.ts';

/** Every migration, the oldest first. Add a new one at the end. */
export const migrations: readonly Migration[] = [baseline, batches, batchParts, batchSenders];
