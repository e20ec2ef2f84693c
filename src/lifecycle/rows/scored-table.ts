import type { BlobStore } from '../../data/blob-store.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { readColumns } from '../../data/table-reader.ts';
import { openTableWriter } from '../../data/table-writer.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import type { Target } from '../../project/models/kind.ts';
import { ColumnBatch } from '../../project/tables/column-batch.ts';
import type { Column } from '../../project/tables/table.ts';
import type { ScoredRows } from '../../training/metrics/metrics-of.ts';
import type { Values } from '../../training/metrics/rows.ts';

/** The test rows with their truth and what was predicted for each. */
export interface ScoredTest {
  /** The index of each in the model's rows. */
  readonly row: Float64Array;
  /** The period that it tests, from 1. */
  readonly period: Float64Array;
  /** Rows with the same number are alike: a group, or a time. */
  readonly cluster: Float64Array;
  readonly version: ScoredRows;
  /** The best constant. Absent in a table that is only compared. */
  readonly constant?: ScoredRows;
  /** The project's baselines by name. */
  readonly baselines: Readonly<Record<string, ScoredRows>>;
}

type Table = Pick<OperationContext, 'blobs' | 'scratch'>;

const constantName = 'constant';

/** The prefix of a baseline's columns. */
export function baselinePrefix(name: string): string {
  return `baseline ${name}`;
}

/** Names of the columns of a prediction; the version's have no prefix. */
export function scoreColumns(target: Target, prefix = ''): readonly string[] {
  const named = (name: string): string => (prefix === '' ? name : `${prefix}: ${name}`);
  switch (target.kind) {
    case 'number':
      return ['prediction', 'low', 'high'].map(named);
    case 'boolean':
      return [named('probability')];
    case 'class':
      return target.classes.map((name) => named(`probability of ${name}`));
  }
}

/** Writes columns of numbers, of equal length. NaN becomes null. */
export async function writeNumbers(
  name: string,
  columns: Readonly<Record<string, Values>>,
  { blobs, scratch }: Table,
): Promise<TableDataset> {
  const entries = Object.entries(columns);
  const schema = {
    columns: entries.map(([column]): Column => ({ name: column, type: 'number', nullable: true })),
  };
  await using writer = await openTableWriter<Record<string, number | null>>({
    name,
    schema,
    scratchPath: scratch,
    profiled: false,
  });
  const batch = entries.map(([column, values]) => [column, Float64Array.from(values)] as const);
  await writer.write([new ColumnBatch(entries[0]?.[1].length ?? 0, Object.fromEntries(batch))]);
  return writer.finish(blobs);
}

/** The columns of a prediction, by their names. */
export function columnsOf(scored: ScoredRows, target: Target, prefix = ''): Readonly<Record<string, Values>> {
  const names = scoreColumns(target, prefix);
  return Object.fromEntries(names.map((name, index) => [name, valuesOf(scored)[index] ?? []]));
}

function valuesOf(scored: ScoredRows): readonly Values[] {
  switch (scored.kind) {
    case 'number':
      return [scored.predicted, scored.low, scored.high];
    case 'boolean':
      return [scored.probability];
    case 'class':
      return scored.probabilities;
  }
}

/** The scored rows of columns in the order of `scoreColumns`. */
export function scoredOf(target: Target, truth: Values, columns: readonly Values[]): ScoredRows {
  const [first = [], low = [], high = []] = columns;
  switch (target.kind) {
    case 'number':
      return { kind: 'number', truth, predicted: first, low, high };
    case 'boolean':
      return { kind: 'boolean', truth, probability: first };
    case 'class':
      return { kind: 'class', truth, probabilities: columns };
  }
}

export function writeScored(test: ScoredTest, target: Target, context: Table): Promise<TableDataset> {
  const { row, period, cluster, version, constant, baselines } = test;
  return writeNumbers(
    'scored',
    {
      row,
      period,
      cluster,
      truth: version.truth,
      ...columnsOf(version, target),
      ...(constant && columnsOf(constant, target, constantName)),
      ...Object.fromEntries(
        Object.entries(baselines).flatMap(([name, scored]) =>
          Object.entries(columnsOf(scored, target, baselinePrefix(name))),
        ),
      ),
    },
    context,
  );
}

/** @param baselines names of the project's baselines that the table has */
export async function readScored(
  table: TableDataset,
  { target, baselines }: { readonly target: Target; readonly baselines: readonly string[] },
  blobs: BlobStore,
): Promise<ScoredTest> {
  const has = (name: string): boolean => table.schema.columns.some((column) => column.name === name);
  const read = await readColumns(
    table,
    blobs,
    table.schema.columns.map(({ name }) => name),
  );
  const numbers = (name: string): Float64Array => {
    const values = read[name];
    return values instanceof Float64Array ? values : new Float64Array(table.rows).fill(Number.NaN);
  };
  const truth = numbers('truth');
  const scored = (prefix?: string): ScoredRows =>
    scoredOf(target, truth, scoreColumns(target, prefix).map(numbers));
  return {
    row: numbers('row'),
    period: numbers('period'),
    cluster: numbers('cluster'),
    version: scored(),
    ...(has(scoreColumns(target, constantName)[0] ?? '') && { constant: scored(constantName) }),
    baselines: Object.fromEntries(baselines.map((name) => [name, scored(baselinePrefix(name))])),
  };
}
