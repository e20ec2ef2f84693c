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
  /** Of a row with a prediction. */
  readonly request?: JsonObject | undefined;
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
  const cellsOf = ({ fields }: CsvRecord, outcome: RowOutcome): readonly string[] => [
    ...header.map((_name, index) => inert(fields[index] ?? '')),
    ...predictionCells(outcome, target).map(inert),
  ];
  return {
    header: [...written, ...predictionColumns(header, manifest.target.type)].map(inert),
    async predict(records) {
      const faults = records.map(
        ({ fault, fields }) =>
          fault ?? raggedFault(withoutEmptyEnd(fields, header.length).length, header.length),
      );
      const requests = records.map((record, index) =>
        faults[index] === undefined ? requestOf(record) : undefined,
      );
      const sound = requests.filter((request) => request !== undefined);
      const predicted = (await predictEach(sound, served, now)).values();
      return records.map((record, index) => {
        const reason = faults[index];
        const outcome = reason === undefined ? (predicted.next().value as RowOutcome) : { reason };
        const cells = cellsOf(record, outcome);
        return 'reason' in outcome
          ? { cells, isRefused: true }
          : { cells, isRefused: false, request: requests[index] };
      });
    },
  };
}
