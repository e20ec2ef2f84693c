import { join } from 'node:path';
import type { FileContent } from '../api/address.ts';
import type { BatchPreview } from '../api/batch-views.ts';
import type { Operations } from '../api/routes.ts';
import type { BlobStore } from '../data/blob-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { ValueSchema } from '../kernel/schema-rule.ts';
import { type Batch, type BatchId, batchFilesStay, isBatchId, newBatchId } from '../serving/batch/batch.ts';
import { parseAskedDates } from '../serving/batch/asked-reading.ts';
import { describeFile } from '../serving/batch/describe-file.ts';
import type { BatchFiles } from '../serving/batch/files.ts';
import { copyExpanded } from '../serving/batch/local-file.ts';
import { recordsIn } from '../serving/batch/read-file.ts';
import { openBatchRows } from '../serving/batch/rows.ts';
import { batchLimits, projectFull, roomFor } from '../serving/batch/limits.ts';
import type { BatchLimits, BatchStore } from '../serving/batch/store.ts';
import { whenFree } from '../serving/batch/when-free.ts';
import type { Caller } from '../serving/endpoint.ts';
import type { ServedVersion } from '../serving/version.ts';
import type { RegistryStore } from '../registry/store.ts';
import { batchView } from './batch-views.ts';
import { type HostedModel, modelNamed, type Projects, required } from './hosted-models.ts';
import { notServed } from './not-served.ts';

export interface BatchDeps {
  readonly batches: BatchStore;
  readonly files: BatchFiles;
  readonly now: Clock;
  /** @default batchLimits */
  readonly limits?: BatchLimits;
  /** Called after something was started or cancelled, so that a worker of this process looks at once. */
  readonly wake: () => void;
}

const previewRows = 10;
/** How often the first rows are tried while the model is busy, a second after the other: a client waits that long. */
const previewTries = 10;

/** Predictions for the rows of files: stored here, and made by a worker of this process or of another. */
export function batchOperations(
  {
    batches,
    files,
    now,
    limits = batchLimits,
    wake,
    projects,
    blobs,
    stores,
  }: BatchDeps & {
    readonly projects: Projects;
    readonly blobs: Pick<BlobStore, 'scratch'>;
    readonly stores: { readonly registry: Pick<RegistryStore, 'listVerdicts'> };
  },
  caller: Caller,
): Pick<
  Operations,
  'createBatch' | 'listBatches' | 'getBatch' | 'startBatch' | 'cancelBatch' | 'downloadBatch'
> {
  const isSeen = ({ sender }: Batch): boolean => caller.sentOnly !== true || sender === caller.key;
  const found = async (id: string): Promise<Batch> => {
    const batch = isBatchId(id) ? await batches.find(id) : undefined;
    return foundBatch(batch && isSeen(batch) ? batch : undefined, id);
  };
  const start = async (id: BatchId): Promise<Batch> => {
    const batch = foundBatch(await batches.start(id), id);
    wake();
    return batch;
  };
  return {
    async createBatch({
      endpoint: name,
      file = 'rows.csv',
      start: startsNow = false,
      content,
      dates,
      ...format
    }) {
      const hosted = modelNamed(projects, name, 'endpoint');
      const served = await servedBy(hosted, stores.registry);
      const project = hosted.hosted.plan.project.name;
      const room = roomFor(project, await batches.usage(project), limits);
      const full = (): PlatformError => projectFull(project, limits);
      if (content instanceof Blob && content.size > room) throw full();
      const id = newBatchId();
      try {
        const size = await files.putInput(id, iterable(content), { bytes: room, full });
        const createdAt = now();
        await using scratch = await blobs.scratch();
        const path = join(scratch.path, 'input');
        await copyExpanded(files.readInput(id), path, { file });
        const described = await describeFile(path, {
          file,
          schema: served.manifest.request as ValueSchema,
          project: hosted.hosted.plan.project,
          model: hosted.model,
          asked: { ...format, ...(dates && { dates: parseAskedDates(dates) }) },
        });
        const { version, folder, model } = served.version;
        const input = { model, version, folder, file, size, ...described, by: caller.name };
        const preview = await previewOf(path, { input, served, now: createdAt });
        const batch = await batches.create({
          id,
          project,
          endpoint: name,
          input,
          sender: caller.name === undefined ? undefined : caller.key,
          createdAt,
          expiresAt: createdAt + batchFilesStay,
          limits,
        });
        return { ...batchView(startsNow ? await start(id) : batch), preview };
      } catch (error) {
        await files.remove(id).catch(() => undefined);
        throw error;
      }
    },
    async listBatches({ endpoint: name, limit }) {
      const { hosted } = modelNamed(projects, name, 'endpoint');
      const project = hosted.plan.project.name;
      const filter = caller.sentOnly === true ? { sender: caller.key } : {};
      return (await batches.list({ project, endpoint: name, limit, ...filter })).map(batchView);
    },
    getBatch: async ({ batch }) => batchView(await found(batch)),
    startBatch: async ({ batch }) => batchView(await start((await found(batch)).id)),
    async cancelBatch({ batch: id }) {
      const endedAt = now();
      const end = { endedAt, expiresAt: endedAt + batchFilesStay };
      const batch = foundBatch(await batches.cancel((await found(id)).id, end), id);
      wake();
      return batchView(batch);
    },
    async downloadBatch({ batch: id }) {
      const batch = await found(id);
      if (batch.parts === 0) throw noOutput(batch);
      return { name: outputName(batch), size: batch.bytes, content: files.readOutput(batch) };
    },
  };
}

/** @throws PlatformError MODEL_UNSUPPORTED for a forecast; NOT_READY or VERSION_HELD without a live version */
async function servedBy(
  { endpoint, model }: HostedModel,
  registry: Pick<RegistryStore, 'listVerdicts'>,
): Promise<ServedVersion> {
  if (model.kind === 'forecast')
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: 'endpoint',
      value: model.name,
      remedy: `A forecast is requested by series, not by row: send a list of requests such as [{"series": "…"}] to POST /predict/${model.name}, or to modelyard predict ${model.name}.`,
    });
  const served = endpoint.current();
  if (!served) throw await notServed({ endpoint, model }, registry);
  return served;
}

async function previewOf(
  path: string,
  {
    input,
    served,
    now,
  }: { readonly input: Batch['input']; readonly served: ServedVersion; readonly now: number },
): Promise<BatchPreview> {
  const rows = openBatchRows(input, served, now);
  const first = recordsIn(path, { name: input.file, format: input.format });
  const records = Array.from({ length: previewRows }, () => first.next()).flatMap((next) =>
    next.done === true ? [] : [next.value],
  );
  first.return(undefined);
  const predicted = await whenFree(() => rows.predict(records), { tries: previewTries });
  return {
    columns: rows.header,
    inputColumns: input.columns.header.length,
    rows: predicted.map(({ cells }) => cells),
    refused: predicted.filter(({ isRefused }) => isRefused).length,
  };
}

/** 'houses-house-price-v3.csv'; of a batch that has not finished 'houses-house-price-v3-incomplete.csv'. */
function outputName({ input, endpoint, status }: Batch): string {
  const stem = input.file.replace(/(\.(csv|tsv|txt))?(\.(gz|xz|zip))?$/i, '');
  return `${stem}-${endpoint}-v${input.version}${status === 'finished' ? '' : '-incomplete'}.csv`;
}

/** The types of the browser do not say that a stream can be iterated; in Node it can. */
async function* iterable(content: FileContent): AsyncGenerator<Uint8Array> {
  yield* content instanceof Blob ? (content.stream() as unknown as AsyncIterable<Uint8Array>) : content;
}

function foundBatch(batch: Batch | undefined, id: string): Batch {
  return required(batch, 'BATCH_NOT_FOUND', {
    field: 'batch',
    value: id,
    remedy: 'No batch has this id, or its files were removed 7 days after it ended: send the file again.',
  });
}

function noOutput({ id, status }: Batch): PlatformError {
  const remedy =
    status === 'ready' ? 'Start the batch first.' : 'No row is done yet: wait, or see why with its status.';
  return new PlatformError('NOT_READY', { field: `output of batch ${id}`, value: status, remedy });
}
