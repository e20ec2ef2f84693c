import type { JsonObject } from '../../kernel/json.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';
import { type CsvRecord, raggedFault, withoutEmptyEnd } from '../../sources/csv/records.ts';
import { readNumber } from '../../sources/csv/values.ts';
import type { ServedVersion } from '../version.ts';
import type { BatchInput } from './batch.ts';
import { cellRules } from './cell-rules.ts';
import { inertCell, predictionCells, predictionColumns, type RowOutcome } from './output.ts';
import { predictEach } from './predict-each.ts';
import { cellReader } from './request-values.ts';

/** How records of a file become lines of the output. */
interface BatchRows {
  /** The names of all columns of the output. */
  readonly header: readonly string[];
  /** The cells of each record with its prediction, in order. */
  predict(records: readonly CsvRecord[]): Promise<readonly BatchRow[]>;
}

interface BatchRow {
  readonly cells: readonly string[];
  readonly isRefused: boolean;
}

/** @param now the time that lookups look before if a row does not have it */
export function openBatchRows(
  { columns, format }: Pick<BatchInput, 'columns' | 'format'>,
  served: ServedVersion,
  now: number,
): BatchRows {
  const { manifest, version } = served;
  const { header, written = header, matched } = columns;
  const { properties = {}, required = [] } = manifest.request as Pick<ValueSchema, 'properties' | 'required'>;
  const readers = matched.map(({ field, index }) => ({
    field,
    index,
    read: cellReader(
      properties[field] ?? {},
      required.includes(field),
      cellRules(header[index] ?? field, format),
    ),
  }));
  const isNumber = (text: string): boolean => readNumber(text, format) !== undefined;
  const inert = (cell: string): string => inertCell(cell, isNumber);
  const requestOf = ({ fields }: CsvRecord): JsonObject =>
    Object.fromEntries(
      readers.flatMap(({ field, index, read }) => {
        const value = read(fields[index] ?? '');
        return value === undefined ? [] : [[field, value]];
      }),
    );
  const target = { target: manifest.target.type, version: version.version, decimal: format.decimal };
  const rowOf = ({ fields }: CsvRecord, outcome: RowOutcome): BatchRow => ({
    cells: [
      ...header.map((_name, index) => inert(fields[index] ?? '')),
      ...predictionCells(outcome, target).map(inert),
    ],
    isRefused: 'reason' in outcome,
  });
  return {
    header: [...written, ...predictionColumns(header, manifest.target.type)].map(inert),
    async predict(records) {
      const faults = records.map(
        ({ fault, fields }) =>
          fault ?? raggedFault(withoutEmptyEnd(fields, header.length).length, header.length),
      );
      const sound = records.filter((_record, index) => faults[index] === undefined);
      const predicted = (await predictEach(sound.map(requestOf), served, now)).values();
      return records.map((record, index) => {
        const fault = faults[index];
        const outcome = fault === undefined ? predicted.next().value : { reason: fault };
        return rowOf(record, outcome as RowOutcome);
      });
    },
  };
}
