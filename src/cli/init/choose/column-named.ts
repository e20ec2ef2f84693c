import { formatNames } from '../../../kernel/format-names.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { nearestName } from '../../../kernel/nearest-name.ts';
import { type InferredColumn, isReadable } from '../column.ts';

/** @throws PlatformError CONFIG_INVALID for a name of no column, and for a column that a project cannot use */
export function columnNamed(
  name: string,
  columns: readonly InferredColumn[],
  { file, option }: { readonly file: string; readonly option: string },
): InferredColumn {
  const found = columns.find((column) => column.name === name);
  if (found && isReadable(found)) return found;
  const names = columns.filter(isReadable).map((column) => column.name);
  const near = nearestName(name, names);
  const meant =
    near === undefined ? `its columns are ${formatNames(names)}` : `did you mean ${JSON.stringify(near)}?`;
  const remedy = found
    ? `must be a column with values and a name that code can use: ${found.type ? 'rename it in the file' : `no line of ${file} fills it in`}`
    : `must be a column of ${file}; ${meant}`;
  throw new PlatformError('CONFIG_INVALID', { field: option, value: name, remedy });
}
