import { PlatformError } from '../../kernel/errors.ts';

/** The way to a value in a file, for errors: its own name, and whatever it stands in. The outermost is the file. */
export interface Place {
  readonly in?: Place;
  readonly name: string | number;
}

export type Fields = Readonly<Record<string, unknown>>;

/** Values are taken as JSON has them, or as text, which is what YAML is read into. */
export function fieldsAt(value: unknown, place: Place): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw broken(place, value, 'named values');
}

export function listAt(value: unknown, place: Place): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw broken(place, value, 'a list');
}

export function textAt(value: unknown, place: Place): string {
  if (typeof value === 'string' && value !== '') return value;
  if (typeof value === 'number') return String(value);
  throw broken(place, value, 'text');
}

/** A whole number from 0. */
export function countAt(value: unknown, place: Place): number {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw broken(place, value, 'a whole number');
}

export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** @throws never; it makes DATA_INVALID, naming the file and the field in it */
export function broken(place: Place, value: unknown, expected: string): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: shownPlace(place),
    value,
    remedy: `cricsheet has ${expected} there; fetch the file again, or take it out of the source.`,
  });
}

function shownPlace(place: Place): string {
  if (!place.in) return String(place.name);
  const outer = shownPlace(place.in);
  if (typeof place.name === 'number') return `${outer}[${place.name}]`;
  return place.in.in ? `${outer}.${place.name}` : `${outer}: ${place.name}`;
}
