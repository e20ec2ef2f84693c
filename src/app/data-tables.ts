import type { ColumnRoleView, DataTableView, LeftOutView } from '../api/data-views.ts';
import { tableInput } from '../pipeline/plan-tasks.ts';
import type { Producer } from '../project/producer.ts';
import { type Project, type ServedModel, servedModels } from '../project/project.ts';
import type { TableRef } from '../project/tables/table.ts';

/** A table of a project, and who learns from it. */
export interface DataTable extends Pick<DataTableView, 'id' | 'name' | 'kind'> {
  readonly ref: TableRef;
  readonly task: string;
  readonly output: string;
  readonly models: readonly ServedModel[];
}

/** What the sources of a project read, and what its models learn from, each table once. */
export function dataTables(project: Project): readonly DataTable[] {
  const models = servedModels(project);
  const learned = models.map(({ rows }) => rows);
  const tables = new Map<string, DataTable>();
  for (const ref of [...learned, ...project.sources]) {
    const { task, output } = tableInput(ref);
    const id = `${task}.${output}`;
    if (tables.has(id)) continue;
    tables.set(id, {
      id,
      name: ref.producer.name,
      kind: ref.producer.kind === 'source' ? 'source' : 'step',
      ref,
      task,
      output,
      models: models.filter(({ rows }) => {
        const input = tableInput(rows);
        return input.task === task && input.output === output;
      }),
    });
  }
  return [...tables.values()];
}

/** Columns of the sources of a table that are declared to be no features, and are none. */
export function leftOutOf({ ref, models }: Pick<DataTable, 'ref' | 'models'>): readonly LeftOutView[] {
  const names = new Set(ref.table.schema.columns.map(({ name }) => name));
  const isFeature = (name: string): boolean =>
    columnRoles(name, models).some(({ role }) => role === 'feature' || role === 'target');
  return Object.entries(reasonsOf(ref.producer)).flatMap(([name, reason]) =>
    (models.length > 0 ? isFeature(name) : names.has(name)) ? [] : [{ name, reason }],
  );
}

/** Of the source, or of all sources that a step reads. */
function reasonsOf(producer: Producer): Readonly<Record<string, string>> {
  if (producer.kind === 'source') return { ...producer.leftOut };
  if (producer.kind !== 'step' && producer.kind !== 'sql') return {};
  const inputs = Object.values(producer.in).map((input) => reasonsOf(input.producer));
  return Object.fromEntries(inputs.flatMap((reasons) => Object.entries(reasons)));
}

/** What models use a column of their rows for. */
export function columnRoles(column: string, models: readonly ServedModel[]): readonly ColumnRoleView[] {
  return models.flatMap((model) => {
    const uses = model.kind === 'model' ? usesOfModel(column, model) : usesOfForecast(column, model);
    return uses.map((role) => ({ role, model: model.name }));
  });
}

type Of<Kind> = Extract<ServedModel, { readonly kind: Kind }>;
type Role = ColumnRoleView['role'];

function usesOfModel(column: string, { target, split, lookups, request }: Of<'model'>): readonly Role[] {
  const times = [split.by, ...Object.values(lookups).map(({ before }) => before)];
  return present({
    target: column === target,
    time: times.includes(column),
    group: column === split.group,
    feature: Object.hasOwn(request.shape, column),
  });
}

function usesOfForecast(column: string, { value, time, series }: Of<'forecast'>): readonly Role[] {
  return present({
    target: column === value,
    time: column === time,
    group: column === series,
    feature: false,
  });
}

function present(roles: Readonly<Record<Role, boolean>>): readonly Role[] {
  return (['target', 'time', 'group', 'feature'] as const).filter((role) => roles[role]);
}
