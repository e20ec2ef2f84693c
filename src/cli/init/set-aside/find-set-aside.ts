import type { Decimal } from '../../../sources/csv/format.ts';
import type { CsvRecord } from '../../../sources/csv/records.ts';
import { repeatedHeader } from '../../../sources/csv/records.ts';
import { isBlankTotal, saysTotal, TotalLines } from '../../../sources/csv/total-word.ts';
import { type BadCell, type InferredColumn, isNumeric } from '../column.ts';
import type { InferredTable } from '../infer.ts';
import { readableCell } from '../readable-cell.ts';
import type { CsvFile } from '../read-csv.ts';
import { LineComparison, type Trait } from './compare-lines.ts';
import { rejoinCells } from './rejoin-cells.ts';

/** Why lines are set aside. */
export type CauseKind =
  | 'cell'
  | 'number divided'
  | 'text divided'
  | 'too many cells'
  | 'too few cells'
  | 'fault';

export interface Cause {
  readonly kind: CauseKind;
  /** Whose cells it is about. */
  readonly column?: InferredColumn | undefined;
  readonly count: number;
  /** The first line, and its cell; of a fault its reason. */
  readonly first: BadCell;
  /** Of a kind of cell: its commonest text, and on how many lines it is. */
  readonly commonest: { readonly text: string; readonly count: number };
}

/** The lines that a run sets aside. */
export interface SetAside {
  readonly count: number;
  /** All lines, with those that are set aside. */
  readonly lines: number;
  /** The commonest first. */
  readonly causes: readonly Cause[];
  readonly trait: Trait | undefined;
  /** The decimal mark of the file. */
  readonly decimal: Decimal;
}

/** With more lines, which cells belong together is not looked for. */
const mostRejoined = 2000;

/** Finds the lines that a run sets aside, as it does: totals and repeated headers are no bad lines. Undefined without any. */
export function findSetAside(
  { csv, table }: { readonly csv: CsvFile; readonly table: InferredTable },
  used: readonly InferredColumn[],
): SetAside | undefined {
  const faults = csv.faults().filter(({ fault }) => fault !== repeatedHeader);
  if (faults.length === 0 && csv.totals().length === 0 && used.every(({ bad }) => !bad)) return undefined;
  const causes = new Causes();
  const comparison = new LineComparison(table.columns);
  const sums = new TotalLines<() => void>();
  let lines = 0;
  /** @param count counts the line, unless it turns out to be a total */
  const addUnreadable = (fields: readonly string[], count: () => void): void => {
    if (!sums.hold(fields, count)) count();
  };
  const checks = used.map((column) => ({ column, isReadable: readableCell(column, csv) }));
  const addLine = ({ fields, line }: CsvRecord, isRow = true): void => {
    const column = checks.find((check) => !check.isReadable(fields[check.column.index] ?? ''))?.column;
    if (column)
      return addUnreadable(fields, () => {
        lines += 1;
        causes.add('cell', { column, line, text: (fields[column.index] ?? '').trim() });
        comparison.add(fields, true);
      });
    sums.addReadable(fields);
    if (!isRow) return;
    lines += 1;
    comparison.add(fields, false);
  };
  const rejoin = rejoinCells(table.columns, csv);
  const addFault = ({ fields, fault = '', line }: CsvRecord, at: number): void => {
    const rejoined = at < mostRejoined ? rejoin(fields) : undefined;
    lines += 1;
    if (rejoined) comparison.add(rejoined.cells, true);
    if (rejoined)
      causes.add(isNumeric(rejoined.column) ? 'number divided' : 'text divided', {
        column: rejoined.column,
        line,
        text: rejoined.cells[rejoined.column.index] ?? '',
      });
    else if (fields.length > table.columns.length) causes.add('too many cells', { line, text: fault });
    else if (fields.length < table.columns.length) causes.add('too few cells', { line, text: fault });
    else causes.add('fault', { line, text: fault });
  };
  for (const record of csv.records()) addLine(record);
  for (const total of csv.totals()) if (!isBlankTotal(total.fields)) addLine(total, !saysTotal(total.fields));
  for (const [at, record] of faults.entries()) addUnreadable(record.fields, () => addFault(record, at));
  for (const { line: count, isTotal } of sums.decided()) if (!isTotal) count();
  const found = causes.found();
  const count = found.reduce((sum, cause) => sum + cause.count, 0);
  const { decimal } = csv.format;
  return count === 0 ? undefined : { count, lines, causes: found, trait: comparison.trait(), decimal };
}

interface Odd extends BadCell {
  readonly column?: InferredColumn;
}

interface Counted {
  readonly kind: CauseKind;
  readonly column: InferredColumn | undefined;
  readonly first: BadCell;
  readonly texts: Map<string, number>;
  count: number;
}

const mostTexts = 1000;

class Causes {
  readonly #causes = new Map<string, Counted>();

  add(kind: CauseKind, { column, line, text }: Odd): void {
    const key = `${kind} ${column?.index ?? ''}`;
    const cause = this.#causes.get(key) ?? {
      kind,
      column,
      first: { line, text },
      texts: new Map(),
      count: 0,
    };
    this.#causes.set(key, cause);
    cause.count += 1;
    const { texts } = cause;
    if (texts.has(text) || texts.size < mostTexts) texts.set(text, (texts.get(text) ?? 0) + 1);
  }

  found(): readonly Cause[] {
    return [...this.#causes.values()]
      .map(({ texts, ...cause }) => {
        const [text, count] = [...texts].reduce((most, each) => (each[1] > most[1] ? each : most));
        return { ...cause, commonest: { text, count } };
      })
      .toSorted((one, other) => other.count - one.count);
  }
}
