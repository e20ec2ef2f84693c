import { usedColumns, type ModelDraft } from '../draft.ts';
import type { InferredColumn } from '../column.ts';
import { dateLines, featureCode } from './feature-code.ts';
import { helpersOf } from './feature-helpers.ts';
import { type Constants, constantsOf, encodersText, longLists, shortListsText } from './value-lists.ts';
import type { Names } from './names.ts';
import { mustBeFilled, rawName, withDay } from './row-names.ts';
import { fieldText, filledFieldText } from './row-field.ts';
import { commentText, indented, key, list, literal, member } from './source-text.ts';

/** features.ts of a made project: the row, the request and the features. */
export function featuresFile(draft: ModelDraft, names: Names): string {
  const { features } = draft;
  const constants = constantsOf(draft);
  const [lists, encoders] = [shortListsText(constants), encodersText(constants)];
  const long = longLists(constants);
  const fields = features.map((column) => indented(fieldText(column, draft, constants))).join('');
  const lines = features.flatMap((column) => featureCode(column, draft, constants)).join('');
  return [
    "import { type Features, z } from 'modelyard';",
    ...(long.length === 0
      ? []
      : [`${list(long, { open: 'import {', close: `} from './categories.ts';`, room: 0 })}`]),
    '',
    ...(lists === '' ? [] : [lists]),
    exampleText(draft, names),
    '/** What a prediction request has. */',
    `export const Question = z.object({\n${fields}}).meta({ examples: [example] });`,
    'export type Question = z.infer<typeof Question>;\n',
    ...rowText(draft, names, constants),
    ...notUsed(draft, names),
    ...(encoders === '' ? [] : [encoders]),
    '/** The numbers that the model learns from; NaN is a missing value. */',
    'export function toFeatures(asked: Question): Features {',
    `${indented(dateLines(draft, constants).join(''))}  return {\n${indented(indented(lines))}  };\n}\n`,
    ...helpersOf(draft),
  ].join('\n');
}

/** A row that exists, because the examples of fields alone can make one that cannot. */
function exampleText({ features, example }: ModelDraft, { dataPath }: Names): string {
  const values = features.map((column) => {
    const value = example.get(column) ?? null;
    return `${key(column.name)}: ${typeof value === 'string' ? literal(value) : String(value)}`;
  });
  const row = list(values, { open: '{', close: '}', room: 18 });
  return `/** A usual row of ${commentText(dataPath)}: the form begins with it. */\nconst example = ${row};\n`;
}

function rowText(draft: ModelDraft, names: Names, constants: Constants): readonly string[] {
  const raw = rawName(draft);
  const { csv, target, features } = draft;
  const field = (column: InferredColumn): string => indented(fieldText(column, draft, constants));
  const others = usedColumns(draft).filter((column) => column !== target && !features.includes(column));
  const shape = csv.format.header
    ? `${others.map(field).join('')}  ...Question.shape,\n${field(target)}`
    : inOrder(draft, field);
  return [
    `/** A line of ${commentText(names.dataPath)}${csv.format.header ? '' : ', whose columns have these names in their order'}. */`,
    `export const ${raw} = z.object({\n${shape}});`,
    `export type ${raw} = z.infer<typeof ${raw}>;\n`,
    ...filledRow(draft),
  ];
}

/** Without a header, the columns of a row are those of the file in their order. */
function inOrder(draft: ModelDraft, field: (column: InferredColumn) => string): string {
  const used = usedColumns(draft);
  return draft.roles
    .map(({ column }) => {
      if (draft.features.includes(column))
        return indented(`${key(column.name)}: ${member('Question.shape', column.name)},\n`);
      return used.includes(column)
        ? field(column)
        : indented(`${key(column.name)}: z.string().nullable(),\n`);
    })
    .join('');
}

function filledRow(draft: ModelDraft): readonly string[] {
  const filled = mustBeFilled(draft);
  const day = withDay(draft);
  if (filled.length === 0 && day === undefined) return [];
  const fields = [
    ...(day === undefined ? [] : [`  ${key(day)}: z.iso.date(),\n`]),
    ...filled.map((column) => indented(filledFieldText(column, draft))),
  ];
  const names = commentText(filled.map(({ name }) => name).join(' and '));
  return [
    `/** A row that the model can learn from${filled.length > 0 ? `: ${names} must be filled in` : ''}. */`,
    `export const Row = Raw.extend({\n${fields.join('')}});`,
    'export type Row = z.infer<typeof Row>;\n',
  ];
}

function notUsed(draft: ModelDraft, names: Names): readonly string[] {
  if (!hasLeftOut(draft)) return [];
  const { roles, rowId } = draft;
  const lines = leftOutRoles(roles).map(({ column, role, reason = '' }) => {
    const still =
      role === 'time' ? ' (it only orders the rows)' : column === rowId ? ' (it only names the row)' : '';
    return `  ${key(column.name)}: ${literal(reason + still)},\n`;
  });
  return [
    `/** Columns of ${commentText(names.dataPath)} that are no features, and why (init --with <column> makes one of them a feature). */\nexport const leftOut = {\n${lines.join('')}};\n`,
  ];
}

/** Whether features.ts says why some columns are no features. */
export function hasLeftOut({ roles }: Pick<ModelDraft, 'roles'>): boolean {
  return leftOutRoles(roles).length > 0;
}

function leftOutRoles(roles: ModelDraft['roles']): ModelDraft['roles'] {
  return roles.filter(({ role, reason }) => role !== 'group' && reason !== undefined);
}
