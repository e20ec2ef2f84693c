import { usualBadRows } from '../../kernel/bad-rows.ts';
import { formatCount } from '../../kernel/units.ts';
import { type BatchColumn, ColumnBatch } from '../../project/tables/column-batch.ts';
import type { RawFile, ReadContext, RejectedRow } from '../../project/tables/source.ts';
import { type CellColumn, cellColumn } from './cell-columns.ts';
import { chooseFiles } from './choose-files.ts';
import { type ReadCsvOptions, readCsvOptions } from './csv-options.ts';
import type { FoundColumns } from './find-columns.ts';
import { openCsv } from './open-csv.ts';
import { raggedFault, repeatedHeader, repeatsHeader, withoutEmptyEnd } from './records.ts';
import type { RecordScanner } from './record-scanner.ts';
import { Rejects } from './rejects.ts';
import { ruledColumn } from './ruled-column.ts';
import { NumberColumns } from './number-columns.ts';
import { unitRows } from './number-unit.ts';
import { beginsAsTotal, isBlankTotal, looksLikeSums, totalLine, TotalLines } from './total-word.ts';

/** Rows of a batch: enough to make the work of a batch small, few enough to stay in the cache. */
const batchRows = 8192;

/**
 * Reads the columns of `context.schema` in batches. Rows that cannot be read are rejected.
 * @throws PlatformError DATA_INVALID naming the file, line, column and value if they are too many
 */
export async function* readCsv(files: readonly RawFile[], context: ReadContext): AsyncGenerator<ColumnBatch> {
  const options = readCsvOptions(context.options);
  const chosen = chooseFiles(files);
  const rejects = new Rejects(context);
  const numbers = new NumberColumns(context.schema, options);
  if (numbers.areAny) numbers.settle(await firstRows(chosen, { context, options }));
  let rows = 0;
  for (const [index, file] of chosen.entries()) {
    const before = rejects.setAside;
    let fileRows = 0;
    for (const batch of batchesOf(file.name, await file.bytes(), { context, options, rejects, numbers })) {
      yield batch;
      fileRows += batch.rows;
    }
    rows += fileRows;
    context.log(`${file.name}: ${formatCount(fileRows)} rows${setAside(rejects.setAside - before)}`);
    context.progress(index + 1, chosen.length);
  }
  rejects.check(rows, options.maxBadRows ?? usualBadRows);
}

function setAside(count: number): string {
  return count === 0 ? '' : `, ${formatCount(count)} set aside`;
}

interface Reading {
  readonly context: ReadContext;
  readonly options: ReadCsvOptions;
  readonly rejects: Rejects;
  readonly numbers: NumberColumns;
}

function* batchesOf(file: string, bytes: Uint8Array, reading: Reading): Generator<ColumnBatch> {
  const { context, options } = reading;
  const { scanner, records, header, columns } = openCsv(file, bytes, { options, schema: context.schema });
  const isRepeated = (): boolean => header !== undefined && repeats(scanner, header);
  if (columns.unread.length > 0) context.ignore?.(columns.unread);
  for (const note of columns.notes) context.log(`${file}: ${note}`);
  yield* readBatches(records, { ...reading, file, scanner, columns, isRepeated });
}

/** The cells of the first records, by column of the schema, of so many files as have them. */
async function firstRows(
  files: readonly RawFile[],
  { options, context: { schema } }: Pick<Reading, 'context' | 'options'>,
): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  let count = 0;
  for (const file of files) {
    const { scanner, records, columns } = openCsv(file.name, await file.bytes(), { options, schema });
    for (const _ of records) {
      if (rowFault(scanner, columns) === undefined)
        rows.push(columns.positions.map((at) => scanner.field(at)));
      count += 1;
      if (count === unitRows) return rows;
    }
  }
  return rows;
}

interface FileReading extends Reading {
  readonly file: string;
  readonly scanner: RecordScanner;
  readonly columns: FoundColumns;
  /** Whether the record has the names of the header. */
  readonly isRepeated: () => boolean;
}

function* readBatches(
  records: Generator<undefined>,
  { context, options, rejects, numbers, file, scanner, columns, isRepeated }: FileReading,
): Generator<ColumnBatch> {
  const { dates = {} } = options;
  const { decimal, missing } = numbers;
  const cells = context.schema.columns.map((column) =>
    ruledColumn(
      cellColumn(column, {
        decimal,
        dates,
        missing,
        capacity: batchRows,
        numbers: (name) => numbers.of(name),
      }),
      column,
    ),
  );
  const totals = new TotalLines<{ readonly bad: RejectedRow; readonly total: RejectedRow }>();
  let row = 0;
  for (const _ of records) {
    if (isRepeated()) {
      rejects.addNoRow({ file, line: scanner.line, value: scanner.fields(), reason: repeatedHeader });
      continue;
    }
    const first = firstFilled(scanner);
    if (beginsAsTotal(first) && isBlankTotal(scanner.fields())) {
      rejects.addNoRow({ file, line: scanner.line, value: scanner.fields(), reason: totalLine });
      continue;
    }
    const rejected = rowFault(scanner, columns) ?? cellFault(scanner, { cells, columns, row });
    numbers.endRow(rejected === undefined);
    if (!rejected) {
      row++;
      totals.addReadable([first]);
    } else {
      const bad = { file, line: scanner.line, ...withSumHint(rejected, scanner.fields()) };
      const total = { file, line: scanner.line, value: scanner.fields(), reason: totalLine };
      if (!totals.hold(scanner.fields(), { bad, total })) rejects.add(bad);
    }
    if (row < batchRows) continue;
    yield batchOf(cells, row);
    row = 0;
  }
  for (const { line, isTotal } of totals.decided()) {
    if (isTotal) rejects.addNoRow(line.total);
    else rejects.add(line.bad);
  }
  if (row > 0) yield batchOf(cells, row);
}

/** The first filled field. It is asked of every row, so the others need no text of their own. */
function firstFilled(scanner: RecordScanner): string {
  for (let index = 0; index < scanner.count; index++) {
    if (scanner.starts[index] === scanner.ends[index]) continue;
    const field = scanner.field(index);
    if (field.trim() !== '') return field;
  }
  return '';
}

function batchOf(cells: readonly CellColumn[], rows: number): ColumnBatch {
  const columns: [string, BatchColumn][] = cells.map((column) => [column.name, column.take(rows)]);
  return new ColumnBatch(rows, Object.fromEntries(columns));
}

function repeats(scanner: RecordScanner, header: readonly string[]): boolean {
  // Most records differ in their first field, which needs no text of its own.
  return scanner.equals(0, header[0] ?? '') && repeatsHeader(scanner.fields(), header);
}

type Fault = Omit<RejectedRow, 'file' | 'line'>;

/** Of a line of sums that no word names, a blank cell needs no filling in. */
function withSumHint(fault: Fault, fields: readonly string[]): Fault {
  return looksLikeSums(fields)
    ? {
        ...fault,
        reason: `If the line is a total of others, remove it from the file. Otherwise: ${fault.reason}`,
      }
    : fault;
}

function rowFault(scanner: RecordScanner, { width, widthOf }: FoundColumns): Fault | undefined {
  if (scanner.fault !== undefined) return scanner.fault;
  if (scanner.count === width) return undefined;
  const fields = scanner.fields();
  const reason = raggedFault(withoutEmptyEnd(fields, width).length, width, widthOf);
  return reason === undefined ? undefined : { value: fields, reason };
}

/** Reads the cells of a record into a row of the batch. @returns the first that cannot be read */
function cellFault(
  scanner: RecordScanner,
  {
    cells,
    columns: { positions },
    row,
  }: { readonly cells: readonly CellColumn[]; readonly columns: FoundColumns; readonly row: number },
): Fault | undefined {
  for (let index = 0; index < cells.length; index++) {
    const column = cells[index] as CellColumn;
    const field = positions[index] as number;
    const reason = column.read(scanner, field, row);
    if (reason !== undefined) return { column: column.name, value: scanner.field(field), reason };
  }
  return undefined;
}
