import { z } from 'zod';
import { openTableWriter } from '../data/table-writer.ts';
import { findDataset } from '../data/dataset.ts';
import { newestValue } from '../data/newest-value.ts';
import { PlatformError } from '../kernel/errors.ts';
import { formatBytes, formatCount } from '../kernel/units.ts';
import { rowsOfBatches } from '../project/tables/column-batch.ts';
import type { Reader, ReaderCode, ReadFunction } from '../project/tables/source.ts';
import { openSnapshot } from '../sources/operations.ts';
import { snapshotSource, sourceFacts, type SourceSnapshot } from '../sources/source-snapshot.ts';
import { sources } from './declared-kinds.ts';
import { countOf } from './facts.ts';
import { inputFiles } from './inputs.ts';
import { jsonObject } from './json-object.ts';
import { latestByKey } from './latest-by-key.ts';
import { type OperationContext, type Planning, taskOperation } from './operation.ts';
import { loadOrigin, originParams, planOrigins } from './origin-params.ts';
import { formatRejects, ReadNotes, readNotes } from './read-notes.ts';
import { rowsByFile } from './rows-by-file.ts';
import { finishTable, originFacts, rowsSchema, tableOutputs } from './table-checks.ts';
import type { CodeRef } from './task.ts';

const fetchParams = z.object({
  origins: z.array(originParams),
  /** Whether earlier files stay, because rows have a key. */
  isKept: z.boolean(),
  since: z.string().optional(),
});

/** Stores the raw bytes of a source; out: `files`. */
export const fetchSource = taskOperation({
  name: 'fetch',
  description: 'Fetches the raw files and stores them unchanged.',
  declared: sources,
  inputs: {},
  outputs: { files: { kind: 'files' } },
  params: fetchParams,
  facts: sourceFacts,
  process: 'own',
  async plan(source, { bundle }) {
    const { origins, code, secrets, isSimulated } = await planOrigins(source, { bundle });
    if (origins.length === 0) return undefined;
    const { key, since } = source;
    return {
      inputs: {},
      code,
      params: { origins: [...origins], isKept: key !== undefined, ...(since !== undefined && { since }) },
      secrets,
      // The task that reads the files has the source's name.
      ...(since !== undefined && { last: { rows: source.name } }),
      ...(isSimulated ? {} : { reuse: 'always-look' as const }),
    };
  },
  async run(context) {
    const { params } = context;
    const previous = await previousSnapshot(context);
    const { files, facts } = await snapshotSource({
      origins: await Promise.all(params.origins.map((origin, index) => loadOrigin(origin, index, context))),
      isKept: params.isKept,
      projectFolder: context.projectFolder,
      blobs: context.blobs,
      now: context.now,
      previous,
      since: previous && (await newestRow(params.since, context)),
      secret: (name) => context.secret(name),
    });
    return { outputs: { files: { kind: 'files', files: [...files] } }, facts };
  },
  summary: ({ files, bytes, simulated }) =>
    [countOf(files, 'file'), formatBytes(bytes), ...(simulated ? ['simulated'] : [])].join(', '),
  // Only the next fetch needs `parts`, and they are as long as the list of files.
  storedFacts: ({ parts: _parts, pages, ...facts }) => ({ ...facts, pages: pages.slice(-mostPages) }),
});

/** Pages that a run stores; the result of the task has all. */
const mostPages = 1000;

/** The newest value of a column among the rows that were read last. */
async function newestRow(
  column: string | undefined,
  { spec, blobs }: OperationContext,
): Promise<string | undefined> {
  if (column === undefined) return undefined;
  const dataset = await findDataset(spec.last?.['rows']?.outputs['rows'], blobs);
  return dataset?.kind === 'table' ? newestValue(dataset, column, blobs) : undefined;
}

const readerCode = 'reader.';

/** The reader's own functions, under names that no code of ours has. */
async function codeOf(
  { code = {} }: Reader,
  source: string,
  { bundle }: Pick<Planning, 'bundle'>,
): Promise<Readonly<Record<string, CodeRef>>> {
  const bundled: Record<string, CodeRef> = {};
  for (const [name, value] of Object.entries(code))
    bundled[readerCode + name] = await bundle(value, `sources.${source}.reader.code.${name}`);
  return bundled;
}

async function loadReaderCode(context: OperationContext): Promise<Readonly<Record<string, ReaderCode>>> {
  const loaded: Record<string, ReaderCode> = {};
  for (const name of Object.keys(context.spec.code))
    if (name.startsWith(readerCode))
      loaded[name.slice(readerCode.length)] = await context.code<ReaderCode>(name);
  return loaded;
}

/** The table's error names the row; to fix the data, people need the file too. */
function withFile(error: unknown, file: string | undefined): unknown {
  if (!(error instanceof PlatformError) || file === undefined) return error;
  const { field, ...detail } = error.detail;
  return new PlatformError(error.code, { ...detail, field: `${file}, ${field}` }, { cause: error });
}

/** Without facts that this build can read, everything is fetched again. */
async function previousSnapshot({
  spec: { previous },
  blobs,
}: OperationContext): Promise<SourceSnapshot | undefined> {
  const dataset = await findDataset(previous?.outputs['files'], blobs);
  const { data: facts } = sourceFacts.safeParse(previous?.facts);
  return facts && dataset?.kind === 'files' ? { files: dataset.files, facts } : undefined;
}

/** Reads the rows of the raw files of a snapshot; in: `files`; out: `rows`. */
export const readSource = taskOperation({
  name: 'read',
  description: 'Reads the raw files into a table.',
  declared: sources,
  taskName: 'declaration',
  inputs: { files: 'files' },
  outputs: 'declared',
  params: z.object({
    kind: z.string(),
    version: z.number(),
    options: jsonObject,
    key: z.array(z.string()).optional(),
  }),
  facts: z.object({
    rows: z.number(),
    files: z.number(),
    simulated: z.boolean().optional(),
    ...readNotes,
  }),
  process: 'own',
  async plan(source, { bundle, from }) {
    const { name, reader, key, table } = source;
    return {
      inputs: { files: from(fetchSource, 'files') },
      code: {
        read: await bundle(reader.read, `sources.${name}.reader.read`),
        ...(await codeOf(reader, name, { bundle })),
      },
      params: {
        kind: reader.kind,
        version: reader.version,
        options: reader.options,
        ...(key && { key: [...key] }),
      },
      ...(await tableOutputs(source, { rows: table })),
    };
  },
  async run(context) {
    const { spec, blobs, scratch } = context;
    const snapshot = await inputFiles(context, 'files');
    const schema = rowsSchema(spec, 'A reader');
    const read = await context.code<ReadFunction<object>>('read');
    const byFile = rowsByFile(await openSnapshot(snapshot.files, { blobs, scratch }));
    await using writer = await openTableWriter({ name: spec.task, schema, scratchPath: scratch });
    const notes = new ReadNotes((line) => context.emit({ type: 'log', line }));
    const given = read(byFile.files, {
      options: context.params.options,
      code: await loadReaderCode(context),
      schema,
      log: (line) => context.emit({ type: 'log', line }),
      progress: (done, total) =>
        context.emit({ type: 'progress', done, ...(total !== undefined && { total }), what: 'files' }),
      reject: (row) => notes.reject(row),
      ignore: (columns) => notes.ignore(columns),
    });
    const { key } = context.params;
    const keyed = key && (await latestByKey(rowsOfBatches(byFile.watch(given)), key));
    const readAt = keyed?.readAt ?? ((row: number) => row);
    await writer.write(keyed?.rows ?? byFile.watch(given)).catch((error: unknown) => {
      throw withFile(error, byFile.fileOf(readAt(writer.refused[0]?.row ?? 0)));
    });
    const rows = await finishTable(writer, 'rows', context);
    const facts = {
      rows: rows.rows,
      files: byFile.files.length,
      ...originFacts(spec.outputs),
      ...notes.facts(),
    };
    return { outputs: { rows }, facts };
  },
  summary: ({ rows, rejected = 0 }) =>
    [countOf(rows, 'row'), ...(rejected > 0 ? [`${formatCount(rejected)} set aside`] : [])].join(', '),
  notes: (facts) => formatRejects(facts),
});
