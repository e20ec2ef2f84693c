import type { TableDataset } from '../data/dataset.ts';
import { readColumns } from '../data/table-reader.ts';
import { asJson, type JsonObject } from '../kernel/json.ts';
import type { OperationContext } from '../pipeline/operation.ts';
import type { Target } from '../project/models/kind.ts';
import type { Importances } from '../training/report/importances.ts';
import { reportOf } from '../training/report/report.ts';
import type { FeatureCode } from './feature-code.ts';
import type { ScoredTest } from './scored-table.ts';

interface ReportOptions {
  readonly context: OperationContext;
  /** The model's rows. */
  readonly rows: TableDataset;
  readonly target: Target;
  /** The column that orders rows; null without an order. */
  readonly time: string | null;
  /** Of the features; undefined if they were not computed. */
  readonly importances: Importances | undefined;
}

/** Where a version is right and where it is wrong: by the fields of its request and over time, and its worst rows. */
export async function reportOfTest(
  { row, version, constant, baselines }: ScoredTest,
  { context, rows, target, time, importances }: ReportOptions,
): Promise<JsonObject> {
  const { shape } = await context.code<FeatureCode['request']>('request');
  const fields = rows.schema.columns
    .map(({ name }) => name)
    .filter((name) => Object.hasOwn(shape, name) || name === time);
  const read = await readColumns(rows, context.blobs, fields);
  const columns = Object.fromEntries(
    fields.map((name) => [name, Array.from(row, (index) => cellOf(read[name]?.[index]))]),
  );
  const report = reportOf({
    target,
    version,
    others: { ...(constant && { constant }), ...baselines },
    row,
    columns,
    importances,
    ...(time !== null && { time }),
  });
  return asJson(report);
}

function cellOf(value: string | number | boolean | null | undefined): string | number | boolean | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}
