import type { TableDataset } from '../../data/dataset.ts';
import { readColumns } from '../../data/table-reader.ts';
import { asJson, type JsonObject } from '../../kernel/json.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Importances } from '../../training/report/importances.ts';
import { reportOf } from '../../training/report/report.ts';
import type { FeatureCode } from '../features/feature-code.ts';
import type { BestConstant } from './constant-baseline.ts';
import type { ScoredTest } from '../rows/scored-table.ts';

interface ReportOptions {
  readonly context: OperationContext;
  /** The model's rows. */
  readonly rows: TableDataset;
  readonly target: Target;
  /** The column that orders rows; null without an order. */
  readonly time: string | null;
  /** Of the features; undefined if they were not computed. */
  readonly importances: Importances | undefined;
  /** What the best constant is. */
  readonly constant: BestConstant['predicts'];
}

type Cell = string | number | boolean | null;

/** Where a version is right and where it is wrong: by the fields of its request and over time, and its worst rows. */
export async function reportOfTest(
  { row, version, constant, baselines }: ScoredTest,
  { context, rows, target, time, importances, constant: predicts }: ReportOptions,
): Promise<JsonObject> {
  const { shape } = await context.code<FeatureCode['request']>('request');
  const names = new Set(rows.schema.columns.map(({ name }) => name));
  const asked = Object.keys(shape).filter((name) => names.has(name));
  const fields = time === null || asked.includes(time) ? asked : [...asked, time];
  const read = await readColumns(rows, context.blobs, fields);
  const booleans = new Set(
    rows.schema.columns.filter(({ type }) => type === 'boolean').map(({ name }) => name),
  );
  const columns = Object.fromEntries(
    fields.map((name) => {
      const values = Array.from(row, (index) => cellOf(read[name]?.[index]));
      return [name, booleans.has(name) ? values.map(asBoolean) : values];
    }),
  );
  const report = reportOf({
    target,
    version,
    others: { ...(constant && { constant }), ...baselines },
    constant: predicts,
    row,
    columns,
    importances,
    ...(time !== null && { time }),
  });
  return asJson(report);
}

/** A table reader gives 1 and 0. */
function asBoolean(value: Cell): boolean | null {
  return value === null ? null : Boolean(value);
}

function cellOf(value: Cell | undefined): Cell {
  return value === undefined || Number.isNaN(value) ? null : value;
}
