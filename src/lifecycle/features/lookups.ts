import type { BlobStore } from '../../data/blob-store.ts';
import { asTable, readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { timeOf } from '../../features/event-time.ts';
import {
  type LookupDefinition,
  type LookupResults,
  type Lookups,
  openLookups,
  viewsOf,
} from '../../features/lookup.ts';
import { openView, type ViewValues } from '../../features/view.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import type { TaskInput, TaskSpec } from '../../pipeline/task.ts';
import type { Model } from '../../project/models/model.ts';

/** The input of a task with the table of a view. */
function viewInput(view: string): `view-${string}` {
  return `view-${view}`;
}

/** The lookups of a model as data, for the params of tasks and the version's folder. */
export function lookupDefinitions({ lookups }: Model): LookupDefinition[] {
  return Object.entries(lookups).map(([name, { view, on, before }]) => ({
    name,
    view: view.name,
    key: [...view.key],
    on: [...on],
    at: view.at,
    knownAt: view.knownAt === view.at ? null : view.knownAt,
    before,
    columns: view.rows.table.schema.columns
      .filter((column) => view.columns.includes(column.name))
      .map(({ name: column, type, nullable, optional }) => ({
        name: column,
        type,
        nullable,
        ...(optional && { optional }),
      })),
    initial: view.initial === undefined ? null : (view.initial as ViewValues),
  }));
}

/** The tables of a model's views, as inputs of its tasks. */
export function viewInputs({ lookups }: Model): Readonly<Record<string, TaskInput>> {
  return Object.fromEntries(
    Object.values(lookups).map(({ view }) => [viewInput(view.name), tableInput(view.rows)]),
  );
}

/** The task and output that fill each view of a project, by the name of the view. */
export function tablesByView(models: readonly Model[]): ReadonlyMap<string, TaskInput> {
  return new Map(
    models.flatMap(({ lookups }) =>
      Object.values(lookups).map(({ view }) => [view.name, tableInput(view.rows)] as const),
    ),
  );
}

/** The tables that lookups need, of those that a task has. */
export function viewTables(
  definitions: readonly LookupDefinition[],
  { inputs }: Pick<TaskSpec, 'inputs'>,
): Readonly<Record<string, Digest>> {
  const names = viewsOf(definitions).map(({ view }) => viewInput(view));
  return Object.fromEntries(names.flatMap((name) => (inputs[name] ? [[name, inputs[name]] as const] : [])));
}

/** Where a task finds the tables of views. */
export interface TaskViews {
  readonly spec: Pick<TaskSpec, 'inputs'>;
  readonly blobs: BlobStore;
}

/** @throws PlatformError DATA_INVALID for a view that the task has no table of, or that lacks a column of a lookup */
export async function openTaskLookups(
  definitions: readonly LookupDefinition[],
  { spec, blobs }: TaskViews,
): Promise<Lookups> {
  const views = await Promise.all(
    viewsOf(definitions).map(async (definition) => {
      const name = viewInput(definition.view);
      const digest = spec.inputs[name];
      if (!digest) throw noTable(definition.view);
      const table = asTable(await readDataset(digest, blobs), `input ${name}`);
      return [definition.view, await openView(definition, table, blobs)] as const;
    }),
  );
  return openLookups(definitions, new Map(views));
}

/** A row of a model's table, and its number from 0. */
export interface LookupRow {
  readonly row: Readonly<Record<string, unknown>>;
  readonly number: number;
  /** The request that a caller would have sent: lookups take their keys from it. */
  readonly request: unknown;
}

/**
 * What a training or test row would have found, strictly before its own time.
 * @throws PlatformError DATA_INVALID for a row without a time
 */
export function lookUpRow(lookups: Lookups, { row, number, request }: LookupRow): LookupResults {
  if (lookups.definitions.length === 0) return {};
  return lookups.find(asFields(request), (column) => rowTime(row, column, number));
}

/** The time of a row that its lookups look before. @throws PlatformError DATA_INVALID for a row without it */
export function rowTime(row: LookupRow['row'], column: string, number: number): number {
  const time = timeOf(row[column]);
  if (time !== undefined) return time;
  throw new PlatformError('DATA_INVALID', {
    field: `row ${number + 1}, ${column}`,
    value: row[column] ?? null,
    remedy: 'must be a date or a time, because lookups look strictly before it',
  });
}

function asFields(request: unknown): Readonly<Record<string, unknown>> {
  return request as Readonly<Record<string, unknown>>;
}

function noTable(view: string): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: `view ${view}`,
    value: undefined,
    remedy: 'The version looks it up, and the models of today do not: there is no table of it.',
  });
}
