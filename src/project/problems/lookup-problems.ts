import type { FeatureViewDeclaration, Lookup } from '../tables/feature-view.ts';
import type { Model } from '../models/model.ts';
import type { Column } from '../tables/column.ts';
import { formatNames } from '../../kernel/format-names.ts';

const viewName = /^[a-z][a-z0-9-]{0,62}$/;
const timeTypes: ReadonlySet<Column['type']> = new Set(['date', 'timestamp', 'string']);
const keyTypes: ReadonlySet<Column['type']> = new Set(['string', 'integer', 'number', 'date', 'timestamp']);

/** What is wrong with the lookups of a model. The compiler finds most of it; a project may be run without it. */
export function lookupProblems(model: Model): readonly string[] {
  const views = new Set(Object.values(model.lookups).map(({ view }) => view));
  return [
    ...[...views].flatMap(viewProblems),
    ...Object.entries(model.lookups).flatMap(([name, lookup]) =>
      [...keyProblems(lookup, model), ...beforeProblems(lookup, model)].map(
        (problem) => `lookup "${name}": ${problem}`,
      ),
    ),
  ];
}

/** Names that two different feature views have. */
export function viewNameProblems(models: readonly Model[]): readonly string[] {
  const views = new Set(models.flatMap(({ lookups }) => Object.values(lookups).map(({ view }) => view)));
  const names = [...views].map(({ name }) => name);
  return [...new Set(names.filter((name, index) => names.indexOf(name) < index))].map(
    (name) => `"${name}" is used by two feature views: give each its own name`,
  );
}

function viewProblems(view: FeatureViewDeclaration): readonly string[] {
  const columns = columnsOf(view.rows);
  const say = (problem: string): string => `feature view "${view.name}": ${problem}`;
  const times =
    view.knownAt === view.at
      ? [['at', view.at]]
      : [
          ['at', view.at],
          ['knownAt', view.knownAt],
        ];
  return [
    ...(viewName.test(view.name)
      ? []
      : ['use lower-case letters, digits and hyphens in its name, a letter first, 63 at most']),
    ...(view.key.length === 0 ? ['key is empty: name the column that says whose values they are'] : []),
    ...view.key.flatMap((name) => columnProblems('key', name, { columns, types: keyTypes })),
    ...times.flatMap(([field = '', name = '']) =>
      columnProblems(field, name, { columns, types: timeTypes, what: 'a date or a time' }),
    ),
    ...(view.columns.length === 0 ? ['its table has no columns beside the key and the times'] : []),
    ...initialProblems(view, columns),
  ].map(say);
}

interface Expected {
  readonly columns: ReadonlyMap<string, Column>;
  readonly types: ReadonlySet<Column['type']>;
  readonly what?: string;
}

function columnProblems(
  field: string,
  name: string,
  { columns, types, what = 'text or a number' }: Expected,
): readonly string[] {
  const column = columns.get(name);
  if (!column)
    return [`${field} is "${name}", which is not a column of its rows (${formatNames([...columns.keys()])})`];
  if (types === timeTypes && column.oneOf)
    return [`${field} "${name}" is one of ${column.oneOf.join(', ')}; it must be ${what}`];
  if (!types.has(column.type)) return [`${field} "${name}" is ${column.type}; it must be ${what}`];
  if (!column.nullable) return [];
  return [`${field} "${name}" may be null; every row needs a value`];
}

function initialProblems(
  { initial, columns: names }: FeatureViewDeclaration,
  columns: ReadonlyMap<string, Column>,
): readonly string[] {
  if (initial === undefined) return [];
  const missing = names.filter(
    (name) => !Object.hasOwn(initial, name) && columns.get(name)?.optional !== true,
  );
  return missing.map((name) => `initial lacks "${name}"`);
}

function keyProblems({ view, on }: Lookup, { request, rows }: Model): readonly string[] {
  const fields = Object.keys(request.shape ?? {});
  const [rowColumns, viewColumns] = [columnsOf(rows), columnsOf(view.rows)];
  return view.key.flatMap((key, index) => {
    const field = on[index] ?? '';
    if (field === '') return [`no request field for the key "${key}" of view "${view.name}"`];
    if (!fields.includes(field))
      return [`the request has no field "${field}" (${formatNames(fields)}), the key of view "${view.name}"`];
    const [given, needed] = [rowColumns.get(field), viewColumns.get(key)];
    return given && needed && !canBeEqual(given, needed)
      ? [
          `the request's "${field}" is ${given.type}, and the key "${key}" of view "${view.name}" ${needed.type}`,
        ]
      : [];
  });
}

function beforeProblems({ view, on, before }: Lookup, { rows }: Model): readonly string[] {
  const columns = columnsOf(rows);
  if (!before) {
    const times = [...columns.values()].filter(({ type, oneOf }) => timeTypes.has(type) && !oneOf);
    const time = times.find(({ type }) => type !== 'string') ?? times[0];
    const field = view.key.length === 1 && on[0] ? `'${on[0]}'` : '…';
    return [
      `before is missing: name the time column of the rows to look strictly before. Without it, training would see values of its own time and later. View "${view.name}" is looked up with \`of(${field}, { before: '${time?.name ?? '…'}' })\``,
    ];
  }
  return columnProblems('before', before, {
    columns,
    types: timeTypes,
    what: 'a date or a time, because values are looked up strictly before it',
  });
}

/** Text may hold anything that is written as text, but a date is no time of day and neither is a number. */
function canBeEqual(given: Column, needed: Column): boolean {
  if (isNumber(given) !== isNumber(needed)) return false;
  const types = new Set([given.type, needed.type]);
  return !(types.has('date') && types.has('timestamp'));
}

function isNumber({ type }: Column): boolean {
  return type === 'integer' || type === 'number';
}

function columnsOf({ table }: Model['rows']): ReadonlyMap<string, Column> {
  return new Map(table.schema.columns.map((column) => [column.name, column]));
}
