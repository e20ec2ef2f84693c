import { withCallSite } from './call-sites.ts';
import type { Column } from './tables/column.ts';
import type { Forecast, ForecastPoint } from './models/forecast.ts';
import type { Model, RowsWith } from './models/model.ts';
import { type RunOptions, runOptionsOf } from './tables/run-options.ts';
import type { DeclaredTime, RowOf, TableRef } from './tables/table.ts';

export interface Batch<Row extends object = object, Time extends string = string>
  extends TableRef<Row, Time>, RunOptions {
  readonly kind: 'batch';
  readonly name: string;
  readonly model: Model | Forecast;
  /** The rows to predict; absent for a forecast, which predicts each of its series. */
  readonly rows?: TableRef;
}

/** Forecasts every series as far as the horizon, with the live version. */
export function batch<Series>(
  name: string,
  options: RunOptions & { readonly model: Forecast<string, Series> },
): Batch<{ readonly series: Series } & ForecastPoint>;
/**
 * Predicts each row with the live version. The result is a table of the rows with their predictions.
 * @example batch('tonight', { model: homeWin, rows: coming })
 */
export function batch<Request extends object, Prediction extends object, Rows extends TableRef>(
  name: string,
  options: RunOptions & {
    readonly model: Model<string, Request, Prediction>;
    readonly rows: Rows & RowsWith<RowOf<NoInfer<Rows>>, NoInfer<Request>>;
  },
): Batch<RowOf<Rows> & Prediction, DeclaredTime<Rows>>;
export function batch(
  name: string,
  options: RunOptions & { readonly model: Model | Forecast; readonly rows?: TableRef },
): Batch {
  const { model, rows } = options;
  const columns =
    model.kind === 'forecast'
      ? forecastColumns(model)
      : [...(rows?.table.schema.columns ?? []), ...predictionColumns(model)];
  return withCallSite({
    kind: 'batch',
    name,
    model,
    ...(rows && { rows }),
    get producer() {
      return this;
    },
    output: 'rows',
    table: { kind: 'table', schema: { columns } },
    ...runOptionsOf(options),
  });
}

function predictionColumns({ targetKind, target, rows }: Model): readonly Column[] {
  switch (targetKind.kind) {
    case 'number': {
      const unit = rows.table.schema.columns.find(({ name }) => name === target)?.unit;
      return numberColumns(unit);
    }
    case 'boolean':
      return [{ name: 'prediction', type: 'boolean', nullable: false }, probability];
    case 'class':
      return [
        { name: 'prediction', type: 'string', nullable: false, oneOf: targetKind.classes },
        probability,
      ];
  }
}

const probability: Column = {
  name: 'probability',
  type: 'number',
  nullable: false,
  minimum: 0,
  maximum: 1,
};

function forecastColumns({ rows, series, time, value }: Forecast): readonly Column[] {
  const columnOf = (name: string): Column | undefined =>
    rows.table.schema.columns.find((column) => column.name === name);
  const renamed = (column: Column | undefined, name: string): readonly Column[] =>
    column ? [{ ...column, name }] : [];
  return [
    ...renamed(columnOf(series), 'series'),
    ...renamed(columnOf(time), 'time'),
    ...numberColumns(columnOf(value)?.unit),
  ];
}

function numberColumns(unit: string | undefined): readonly Column[] {
  return ['prediction', 'low', 'high'].map((name) => ({
    name,
    type: 'number',
    nullable: false,
    ...(unit !== undefined && { unit }),
  }));
}
