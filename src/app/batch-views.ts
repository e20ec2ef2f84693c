import type { BatchView } from '../api/batch-views.ts';
import type { Batch } from '../serving/batch/batch.ts';
import { formatReading } from '../serving/batch/format-reading.ts';

export function batchView(batch: Batch): BatchView {
  const { id, project, endpoint, input, status, createdAt, startedAt, endedAt, expiresAt } = batch;
  const { header, matched, ignored, absent } = input.columns;
  const column = (index: number): string => header[index] ?? '';
  return {
    id,
    project,
    endpoint,
    model: input.model,
    version: input.version,
    file: input.file,
    size: input.size,
    by: input.by ?? null,
    status,
    createdAt,
    startedAt: startedAt ?? null,
    endedAt: endedAt ?? null,
    expiresAt,
    rows: { total: batch.total ?? null, done: batch.done, refused: batch.refused },
    outputSize: batch.bytes,
    matched: matched.map(({ field, index }) => ({ field, column: column(index), index })),
    ignored: ignored.map(column),
    absent,
    reading: formatReading(input.format),
    cancelRequested: batch.cancelRequested,
    error: batch.error ?? null,
  };
}
