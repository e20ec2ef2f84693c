import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { Kind } from '../../project/models/kind.ts';
import { type InferredColumn, isIdentifier, isNumeric, kindOf } from './column.ts';
import type { InferredTable } from './infer.ts';

/** What the columns are for. */
export interface Choice {
  readonly target: InferredColumn;
  /** Of the target. */
  readonly kind: Kind;
  readonly split: { readonly by?: InferredColumn; readonly group?: InferredColumn };
  /** What a caller is asked for. */
  readonly asked: readonly InferredColumn[];
  /** Read, but not asked for: what the split needs, identifiers and free text. */
  readonly kept: readonly InferredColumn[];
}

const fewestRows = 50;

/** @throws PlatformError DATA_INVALID, or CONFIG_INVALID for a target that is no column. @param file its name, for errors */
export function chooseTarget({ columns, rows }: InferredTable, file: string, named?: string): InferredColumn {
  if (rows < fewestRows)
    throw bad(
      `rows of ${file}`,
      rows,
      `${file} has ${rows} ${rows === 1 ? 'row' : 'rows'}; at least ${fewestRows} are needed to tell a model from chance.`,
    );
  const target =
    named === undefined
      ? lastPredictable(columns, file)
      : columnNamed(named, columns, { file, option: '--target' });
  const field = `column "${target.name}" of ${file}`;
  if (kindOf(target) === undefined || target.oddField) throw cannotPredict(target, field);
  if (target.filled < fewestRows)
    throw bad(
      field,
      `${target.filled} values`,
      `At least ${fewestRows} values are needed: add rows, or choose another column with --target.`,
    );
  if (target.distinct === 1)
    throw bad(field, 'the same value on every line', 'Name a column that varies with --target.');
  return target;
}

/** The column that orders lines in time, and one whose equal values belong together. Undefined when there is neither. */
export function chooseSplit(
  { columns, rows }: InferredTable,
  target: InferredColumn,
): Choice['split'] | undefined {
  const others = columns.filter((column) => isReadable(column) && column !== target);
  const by = others
    .filter((column) => column.inTime && column.distinct >= 5 && column.filled >= 0.8 * rows)
    .reduce<InferredColumn | undefined>(
      (latest, column) => (latest && latest.last >= column.last ? latest : column),
      undefined,
    );
  const groups = others.filter((column) => column !== by && canGroup(column, rows));
  const [repeated, alone] = [
    groups.filter(({ commonest }) => commonest > 1),
    groups.filter(({ commonest }) => commonest === 1),
  ];
  if (by) {
    const group = repeated.find(isIdentifier);
    return { by, ...(group && { group }) };
  }
  const group = repeated.find(isIdentifier) ?? repeated[0] ?? alone.find(isIdentifier) ?? alone[0];
  return group && { group };
}

/** @throws PlatformError DATA_INVALID when nothing is left to predict from */
export function chooseColumns(
  table: InferredTable,
  chosen: Pick<Choice, 'target' | 'split'>,
  file: string,
): Choice {
  const { target, split } = chosen;
  const kind = kindOf(target) ?? 'number';
  const others = table.columns.filter((column) => isReadable(column) && column !== target);
  const asked = others.filter(
    (column) => column !== split.by && column !== split.group && isInformative(column),
  );
  if (asked.length > 0)
    return { ...chosen, kind, asked, kept: others.filter((column) => !asked.includes(column)) };
  throw bad(
    `columns of ${file}`,
    table.columns.filter((column) => column !== split.group).map(({ name }) => name),
    `Give a column besides "${target.name}" that it can be predicted from: numbers, dates, yes and no, or text with 20 different values at most.`,
  );
}

/** Whether a project can name the column; an object takes every name but this one. */
export function isReadable({ name, type }: InferredColumn): boolean {
  return type !== undefined && name !== '' && name !== '__proto__';
}

function canGroup(column: InferredColumn, rows: number): boolean {
  const names =
    isIdentifier(column) || (column.type === 'string' && !column.oneOf && !column.oddField && !column.inTime);
  return names && !column.nullable && column.distinct >= 10 && column.commonest <= 0.2 * rows;
}

export function isInformative(column: InferredColumn): boolean {
  const isFreeText = column.type === 'string' && !column.oneOf;
  return !isFreeText && !isIdentifier(column) && (column.distinct > 1 || column.nullable);
}

/** The last column of all if it can be predicted; otherwise the last of numbers, otherwise the last of any kind. */
function lastPredictable(columns: readonly InferredColumn[], file: string): InferredColumn {
  const candidates = columns.filter(
    (column) =>
      isReadable(column) &&
      kindOf(column) !== undefined &&
      !isIdentifier(column) &&
      column.distinct > 1 &&
      !column.oddField,
  );
  const last = candidates.find((column) => column === columns.at(-1));
  const target = last ?? candidates.findLast(isNumeric) ?? candidates.at(-1);
  if (target) return target;
  const odd = columns.find(({ oddField }) => oddField);
  if (odd) throw cannotPredict(odd, `column "${odd.name}" of ${file}`);
  const same = columns.find((column) => kindOf(column) !== undefined && column.distinct === 1);
  throw bad(
    `columns of ${file}`,
    columns.map(({ name }) => name),
    `Give a column to predict: numbers written as 1234.5, yes and no, or text with 20 different values at most${same ? `; "${same.name}" has the same value on every line` : ''}.`,
  );
}

/** @throws PlatformError CONFIG_INVALID for a name that no column has */
export function columnNamed(
  name: string,
  columns: readonly InferredColumn[],
  { file, option }: { readonly file: string; readonly option: string },
): InferredColumn {
  const found = columns.find((column) => column.name === name);
  if (found && isReadable(found)) return found;
  const names = columns.filter(isReadable).map((column) => column.name);
  throw new PlatformError('CONFIG_INVALID', {
    field: option,
    value: name,
    remedy: `must be a column of ${file}; its columns are ${formatNames(names)}`,
  });
}

function cannotPredict({ oddField, type }: InferredColumn, field: string): PlatformError {
  if (oddField)
    return bad(
      `${field}, line ${oddField.line}`,
      oddField.text,
      'Write numbers as 1234.5, without separators and units, and leave blank what is not known.',
    );
  return bad(
    field,
    type,
    'A number, yes and no, or text with 20 different values at most can be predicted: name another column with --target.',
  );
}

function bad(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
