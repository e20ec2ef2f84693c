import { openTableWriter } from '../data/table-writer.ts';
import type { FilesDataset } from '../data/dataset.ts';
import { readDataset } from '../data/dataset.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { ReadFunction, Simulation } from '../project/source.ts';
import { openSnapshot, takeSnapshot } from '../sources/operations.ts';
import { type Operation, type OperationContext, paramsOf } from './operation.ts';

interface FetchParams {
  readonly simulated: boolean;
  readonly from: string;
  readonly args: JsonObject;
}

/** Keeps the raw bytes of a source as they are now; out: `files`. */
export const fetchSource: Operation = async (context) => {
  const { simulated, from, args } = paramsOf<FetchParams>(context);
  const origin: Simulation | string = simulated
    ? { kind: 'simulation', make: await context.code<Simulation['make']>('make'), args }
    : from;
  const { files, facts } = await takeSnapshot({
    from: origin,
    projectFolder: context.projectFolder,
    blobs: context.blobs,
    now: context.now,
    previous: await previousSnapshot(context),
  });
  return { outputs: { files: { kind: 'files', files } }, facts };
};

async function previousSnapshot({
  spec: { previous },
  blobs,
}: OperationContext): Promise<
  { readonly files: FilesDataset['files']; readonly facts: JsonObject } | undefined
> {
  const digest = previous?.outputs['files'];
  if (!previous || !digest || !(await blobs.has(digest))) return undefined;
  const dataset = await readDataset(digest, blobs);
  return dataset.kind === 'files' ? { files: dataset.files, facts: previous.facts } : undefined;
}

/** Reads the rows of the raw files of a snapshot; in: `files`; out: `rows`. */
export const readSource: Operation = async (context) => {
  const { spec, blobs, scratch } = context;
  const snapshot = await context.input('files');
  const output = spec.outputs['rows'];
  if (snapshot.kind !== 'files' || output?.kind !== 'table' || !output.schema)
    throw new PlatformError('INTERNAL', {
      field: spec.task,
      value: snapshot.kind,
      remedy: 'A reader takes files and leaves a table.',
    });
  const read = await context.code<ReadFunction<object>>('read');
  const files = await openSnapshot(snapshot.files, { blobs, scratch });
  await using writer = await openTableWriter({
    name: spec.task,
    schema: output.schema,
    scratchPath: scratch,
  });
  await writer.write(
    read(files, {
      options: spec.params['options'] as JsonObject,
      schema: output.schema,
      log: (line) => context.emit({ type: 'log', line }),
      progress: (done, total) =>
        context.emit({ type: 'progress', done, ...(total !== undefined && { total }), what: 'files' }),
    }),
  );
  const rows = await writer.finish(blobs);
  return { outputs: { rows }, facts: { rows: rows.rows, files: files.length } };
};
