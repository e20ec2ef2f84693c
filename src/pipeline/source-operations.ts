import { z } from 'zod';
import { openTableWriter } from '../data/table-writer.ts';
import type { FilesDataset } from '../data/dataset.ts';
import { readDataset } from '../data/dataset.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { formatBytes } from '../kernel/units.ts';
import { originsOf, type Simulation } from '../project/origin.ts';
import type { ReadFunction } from '../project/source.ts';
import { openSnapshot, takeSnapshot } from '../sources/operations.ts';
import { sources } from './declared-kinds.ts';
import { countOf } from './facts.ts';
import { type OperationContext, taskOperation } from './operation.ts';
import { rowsByFile } from './rows-by-file.ts';

const json = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null);

const fetchParams = z.discriminatedUnion('simulated', [
  z.object({ simulated: z.literal(true), args: json }),
  z.object({ simulated: z.literal(false), from: z.string() }),
]);

const fetchFacts = z.object({
  from: z.string(),
  files: z.number(),
  bytes: z.number(),
  fetchedAt: z.number(),
  checkedAt: z.number(),
  etag: z.string().nullable(),
  lastModified: z.string().nullable(),
  simulated: z.boolean(),
  seen: z.record(z.string(), z.tuple([z.number(), z.number(), z.number()])).default({}),
});

/** Stores the raw bytes of a source; out: `files`. */
export const fetchSource = taskOperation({
  name: 'fetch',
  description: 'Fetches the raw files and stores them unchanged.',
  declared: sources,
  inputs: {},
  outputs: { files: { kind: 'files' } },
  params: fetchParams,
  facts: fetchFacts,
  process: 'own',
  async plan({ name, reader }, { bundle }) {
    const [from, ...others] = originsOf(reader);
    if (from === undefined || others.length > 0) return undefined;
    if (typeof from !== 'string' && from.kind === 'http') return undefined;
    if (typeof from === 'string')
      return { inputs: {}, params: { simulated: false as const, from }, reuse: 'always-look' };
    const make = await bundle(from.make, `sources.${name}.reader.from.make`);
    return { inputs: {}, code: { make }, params: { simulated: true as const, args: from.args } };
  },
  async run(context) {
    const { params } = context;
    const { files, facts } = await takeSnapshot({
      from: params.simulated
        ? {
            kind: 'simulation',
            make: await context.code<Simulation['make']>('make'),
            args: params.args,
          }
        : params.from,
      projectFolder: context.projectFolder,
      blobs: context.blobs,
      now: context.now,
      previous: await previousSnapshot(context),
    });
    return { outputs: { files: { kind: 'files', files } }, facts };
  },
  summary: ({ files, bytes, simulated }) =>
    [countOf(files, 'file'), formatBytes(bytes), ...(simulated ? ['simulated'] : [])].join(', '),
  // Only the next fetch needs `seen`, and it is as long as the list of files.
  storedFacts: ({ seen: _seen, ...facts }) => facts,
});

/** The table's error names the row; to fix the data, people need the file too. */
function withFile(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof PlatformError) || file === undefined) return error;
  const { field, ...detail } = error.detail;
  return new PlatformError(error.code, { ...detail, field: `${file}, ${field}` }, { cause: error });
}

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
export const readSource = taskOperation({
  name: 'read',
  description: 'Reads the raw files into a table.',
  declared: sources,
  taskName: 'declaration',
  inputs: { files: 'files' },
  outputs: 'declared',
  params: z.object({ kind: z.string(), version: z.number(), options: json }),
  facts: z.object({ rows: z.number(), files: z.number() }),
  process: 'own',
  async plan({ name, reader }, { bundle, from }) {
    return {
      inputs: { files: from(fetchSource, 'files') },
      code: { read: await bundle(reader.read, `sources.${name}.reader.read`) },
      params: { kind: reader.kind, version: reader.version, options: reader.options },
      outputs: { rows: { kind: 'table', schema: reader.table.schema } },
    };
  },
  async run(context) {
    const { spec, blobs, scratch } = context;
    const snapshot = await context.input('files');
    const output = spec.outputs['rows'];
    if (snapshot.kind !== 'files' || output?.kind !== 'table' || !output.schema)
      throw new PlatformError('INTERNAL', {
        field: spec.task,
        value: snapshot.kind,
        remedy: 'A reader must read files and write a table.',
      });
    const read = await context.code<ReadFunction<object>>('read');
    const byFile = rowsByFile(await openSnapshot(snapshot.files, { blobs, scratch }));
    await using writer = await openTableWriter({
      name: spec.task,
      schema: output.schema,
      scratchPath: scratch,
    });
    const given = read(byFile.files, {
      options: context.params.options,
      schema: output.schema,
      log: (line) => context.emit({ type: 'log', line }),
      progress: (done, total) =>
        context.emit({ type: 'progress', done, ...(total !== undefined && { total }), what: 'files' }),
    });
    await writer.write(byFile.watch(given)).catch((error: unknown) => {
      throw withFile(error, byFile.fileOf(writer.refused[0]?.row ?? 0));
    });
    const rows = await writer.finish(blobs);
    return { outputs: { rows }, facts: { rows: rows.rows, files: byFile.files.length } };
  },
  summary: ({ rows }) => countOf(rows, 'row'),
});
