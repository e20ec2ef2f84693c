import { z } from 'zod';
import type { DataColumnView, DataTableDetails, DataTableView, ReadingView } from '../api/data-views.ts';
import type { Operations } from '../api/routes.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { findDataset, type TableDataset } from '../data/dataset.ts';
import { readNotes } from '../pipeline/read-notes.ts';
import { readSource } from '../pipeline/source-operations.ts';
import type { Run } from '../tracking/model.ts';
import type { RunTask } from '../tracking/run-task-store.ts';
import { columnWarnings } from './column-warnings.ts';
import { columnRoles, type DataTable, dataTables, leftOutOf } from './data-tables.ts';
import { projectNamed, type Projects, required } from './hosted-models.ts';
import type { ViewStores } from './model-views.ts';

export interface DataDeps {
  readonly projects: Projects;
  readonly stores: ViewStores;
  readonly blobs: BlobStore;
}

/** Runs that are searched for the latest version of a table; each failed early if its tables are older. */
const searchedRuns = 50;

/** The tables of a project, with the profiles of their columns. */
export function dataOperations(deps: DataDeps): Pick<Operations, 'listTables' | 'getTable'> {
  return {
    async listTables({ project: name }) {
      const { project } = projectNamed(deps.projects, name).plan;
      const tables = dataTables(project);
      const written = await findWritten(name, tables, deps);
      return {
        tables: await Promise.all(tables.map((table) => tableView(table, written.get(table.id), deps))),
      };
    },
    async getTable({ project: name, table: id }) {
      const tables = dataTables(projectNamed(deps.projects, name).plan.project);
      const table = required(
        tables.find((each) => each.id === id),
        'BLOB_NOT_FOUND',
        { field: 'table', value: id, remedy: `Choose from ${tables.map((each) => each.id).join(', ')}.` },
      );
      const written = await findWritten(name, [table], deps);
      return tableDetails(table, written.get(id), deps);
    },
  };
}

/** The last task that wrote a table, or found it unchanged. */
interface Written {
  readonly run: Run;
  readonly task: RunTask;
}

async function findWritten(
  project: string,
  tables: readonly DataTable[],
  { stores }: DataDeps,
): Promise<ReadonlyMap<string, Written>> {
  const { experiments, runs, tasks: taskStore } = stores.tracking;
  const written = new Map<string, Written>();
  const experiment = await experiments.getByName(project);
  if (!experiment) return written;
  const page = await runs.list({ experimentId: experiment.id, parentIds: null, limit: searchedRuns });
  for (const run of page.runs) {
    const open = tables.filter(({ id }) => !written.has(id));
    if (open.length === 0) break;
    const tasks = await taskStore.listTasks(run.info.id);
    for (const table of open) {
      const task = tasks.find(({ task: name }) => name === table.task);
      if (task?.outputs[table.output] && (task.status === 'done' || task.status === 'hit'))
        written.set(table.id, { run, task });
    }
  }
  return written;
}

async function datasetOf(
  { output }: DataTable,
  written: Written | undefined,
  { blobs }: DataDeps,
): Promise<TableDataset | undefined> {
  const dataset = await findDataset(written?.task.outputs[output], blobs);
  return dataset?.kind === 'table' ? dataset : undefined;
}

function headOf(
  { id, name, kind, ref, models }: DataTable,
  written: Written | undefined,
  dataset: TableDataset | undefined,
): DataTableView {
  const info = written?.run.info;
  return {
    id,
    name,
    kind,
    models: models.map((model) => ({ name: model.name, title: model.title })),
    latest:
      info && dataset
        ? { rows: dataset.rows, run: { id: info.id, name: info.name, startedAt: info.startedAt } }
        : null,
    columns: (dataset?.schema ?? ref.table.schema).columns.length,
    rejected: (written && readingOf(written.task)?.rejected) ?? 0,
  };
}

async function tableView(
  table: DataTable,
  written: Written | undefined,
  deps: DataDeps,
): Promise<DataTableView> {
  return headOf(table, written, await datasetOf(table, written, deps));
}

async function tableDetails(
  table: DataTable,
  written: Written | undefined,
  deps: DataDeps,
): Promise<DataTableDetails> {
  const dataset = await datasetOf(table, written, deps);
  const declared = new Map(table.ref.table.schema.columns.map((column) => [column.name, column]));
  const { columns } = dataset?.schema ?? table.ref.table.schema;
  return {
    ...headOf(table, written, dataset),
    details: columns.map(({ name, type, title, unit }): DataColumnView => {
      const profile = dataset?.profile[name];
      return {
        name,
        title: title ?? declared.get(name)?.title ?? null,
        unit: unit ?? declared.get(name)?.unit ?? null,
        type,
        roles: table.models.length > 0 ? columnRoles(name, table.models) : null,
        profile: profile ?? null,
        warnings: dataset && profile ? columnWarnings(type, profile, dataset.rows) : [],
      };
    }),
    reading: written ? readingOf(written.task) : null,
    leftOut: leftOutOf(table),
  };
}

const readingFacts = z.object(readNotes);

/** What the reader reported; null for other tasks, and for readers that report nothing. */
function readingOf({ operation, facts }: RunTask): ReadingView | null {
  const found = operation === readSource.name ? readingFacts.safeParse(facts).data : undefined;
  if (!found || (found.rejected === undefined && found.unread === undefined)) return null;
  const { rejected = 0, rejects = [], unread = [], unreadTotal = unread.length } = found;
  return { rejected, rejects, unread, unreadTotal };
}
