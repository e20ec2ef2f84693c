import { PlatformError } from '../../kernel/errors.ts';

/** The path of a value in a file, for errors. The outermost name is the file's. */
export interface FieldPath {
  readonly in?: FieldPath;
  readonly name: string | number;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Values are JSON values, or text from YAML. */
export function fieldsAt(value: unknown, path: FieldPath): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw broken(path, value, 'named values');
}

export function listAt(value: unknown, path: FieldPath): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw broken(path, value, 'a list');
}

export function textAt(value: unknown, path: FieldPath): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw broken(path, value, 'text');
}

/** A whole number from 0. */
export function countAt(value: unknown, path: FieldPath): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw broken(path, value, 'a whole number');
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Creates a DATA_INVALID that names the file and the field. */
export function broken(path: FieldPath, value: unknown, expected: string): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: formatPath(path),
    value,
    remedy: `must be ${expected}; fetch the file again, or remove it from the source`,
  });
}

function formatPath(path: FieldPath): string {
  if (!path.in) return String(path.name);
  const outer = formatPath(path.in);
  if (typeof path.name === 'number') return `${outer}[${path.name}]`;
  return path.in.in ? `${outer}.${path.name}` : `${outer}: ${path.name}`;
}
