import type { BatchView, BatchWarningView } from '../api/batch-views.ts';
import { formatCount } from '../kernel/units.ts';
import type { Batch, UnlikeRows } from '../serving/batch/batch.ts';

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
    warnings: batch.unlike.map(warningView),
    outputSize: batch.bytes,
    matched: matched.map(({ field, index }) => ({ field, column: column(index), index })),
    ignored: ignored.map(column),
    absent,
    reading: input.format.reading ?? [],
    cancelRequested: batch.cancelRequested,
    error: batch.error ?? null,
  };
}

function warningView({ field, title, unlike, range, rows }: UnlikeRows): BatchWarningView {
  const counted = `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  return { field, title, unlike, rows, message: `${title}: ${formatUnlike(unlike, { range, counted })}.` };
}

function formatUnlike(
  unlike: UnlikeRows['unlike'],
  { range, counted }: { readonly range: string | undefined; readonly counted: string },
): string {
  switch (unlike) {
    case 'outside':
      return `outside ${range ?? 'what the model learned from'} in ${counted}`;
    case 'new':
      return `values that no training row had in ${counted}`;
    case 'missing':
      return `missing in ${counted}, but in no row that the model learned from`;
    case 'given':
      return `given in ${counted}, but in no row that the model learned from`;
  }
}
