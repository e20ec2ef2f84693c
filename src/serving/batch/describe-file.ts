import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';
import { formatCount } from '../../kernel/units.ts';
import type { Project } from '../../project/project.ts';
import type { TableRef } from '../../project/tables/table.ts';
import { type AskedReading, checkAskedEncoding } from './asked-reading.ts';
import type { BatchInput } from './batch.ts';
import { type BatchColumns, matchColumns, refuseRepeated } from './columns.ts';
import { findFormat } from './find-format.ts';
import { type FileLayout, sniffFile } from './read-file.ts';
import { sourceOfModel, type StatedSource } from './stated-source.ts';

interface DescribeFile {
  /** The caller's name of the file, for errors. */
  readonly file: string;
  /** Of a request. */
  readonly schema: ValueSchema;
  readonly project: Pick<Project, 'sources'>;
  readonly model: { readonly rows: TableRef; readonly target?: string };
  readonly asked: AskedReading;
}

/**
 * Which columns of a file are which fields of a request, and how its cells are read.
 * @throws PlatformError INPUT_INVALID for a file that lacks required fields, or that can be read in two ways
 */
export async function describeFile(
  path: string,
  { file, schema, project, model, asked }: DescribeFile,
): Promise<Pick<BatchInput, 'columns' | 'format'>> {
  checkAskedEncoding(asked);
  const fields = Object.keys(schema.properties ?? {});
  const { source, undecided } = sourceOfModel(project, model, fields);
  const orders = [...(source ? [source.columns.filter((name) => name !== model.target)] : []), fields];
  const { layout, matched } = await matchFile(path, { file, schema, source, asked, orders });
  const { names, written } = layout;
  const isRenamed = names.some((name, index) => name !== written[index]);
  const columns = { ...matched, ...(isRenamed && { written }) };
  return { columns, format: findFormat({ file, layout, columns, schema, source, undecided, asked }) };
}

interface MatchFile extends Pick<DescribeFile, 'file' | 'schema' | 'asked'> {
  readonly source: StatedSource | undefined;
  readonly orders: readonly (readonly string[])[];
}

/**
 * Reads the file with its own header, or else as the source of the model's rows is written.
 * @throws PlatformError INPUT_INVALID as the file itself has it, if neither fits
 */
async function matchFile(
  path: string,
  { file, schema, asked, source, orders }: MatchFile,
): Promise<{ readonly layout: FileLayout; readonly matched: BatchColumns }> {
  const read = async (asSource: boolean) => {
    const { missing: _missing, dates: _dates, ...format } = asked;
    const layout = await sniffFile(path, { name: file, asked: format, source, asSource, orders });
    refuseLongHeader(file, layout.names, schema);
    const matched = matchColumns(file, layout.names, schema);
    refuseRepeated(file, matched, layout.written);
    return { layout, matched };
  };
  try {
    return await read(false);
  } catch (error) {
    const { skip, comment, header } = source?.options ?? {};
    const statesLayout = skip !== undefined || comment !== undefined || header === false;
    if (!statesLayout || !isBadInput(error)) throw error;
    return await read(true).catch((second: unknown) => {
      throw isBadInput(second) ? error : second;
    });
  }
}

/** Most characters of a header: it is stored with the batch, and every answer about the batch names its columns. */
const longestHeader = 1_000_000;

function refuseLongHeader(file: string, names: readonly string[], { properties = {} }: ValueSchema): void {
  const length = names.reduce((sum, name) => sum + name.length, 0);
  if (length <= longestHeader) return;
  throw new PlatformError('INPUT_INVALID', {
    field: `header of ${file}`,
    value: `${formatCount(names.length)} columns, ${formatCount(length)} characters`,
    remedy: `must have at most ${formatCount(longestHeader)} characters: send only the columns that the model takes: ${formatNames(Object.keys(properties))}`,
  });
}

function isBadInput(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'INPUT_INVALID';
}
