import { mlflowError } from './errors.ts';
import type { Field, Fields } from './fields.ts';
import { isLexeme } from './lexemes.ts';

/** Where in a request a value is. */
export interface Place {
  readonly parent: Place | undefined;
  readonly key: string | number;
}

export type Fault = 'missing' | 'wrong';
/** Told of the first value that does not fit; never returns. */
export type Refuse = (place: Place, fault: Fault) => never;

/** 'metrics[0].timestamp' */
export function pathOf({ parent, key }: Place): string {
  if (!parent) return String(key);
  return typeof key === 'number' ? `${pathOf(parent)}[${key}]` : `${pathOf(parent)}.${key}`;
}

/** The values of a message by its fields; what no field names is left out. `message` is an object or a map. */
export function readFields(
  fields: Fields,
  message: unknown,
  { parent, refuse }: { readonly parent: Place | undefined; readonly refuse: Refuse },
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const field = fields[name];
    if (!field) continue;
    const value = memberOf(message, name) ?? (field.alsoCalled && memberOf(message, field.alsoCalled));
    read[name] = readField(field, value, { place: { parent, key: name }, refuse });
  }
  return read;
}

function memberOf(message: unknown, name: string): unknown {
  if (message instanceof Map) return message.get(name);
  return Object.hasOwn(message as object, name)
    ? (message as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

interface Reading {
  readonly place: Place;
  readonly refuse: Refuse;
}

function readField(field: Field, value: unknown, { place, refuse }: Reading): unknown {
  if (value === undefined || value === null || (field.required && value === '')) {
    if (field.required) return refuse(place, 'missing');
    return field.repeated ? [] : undefined;
  }
  if (!field.repeated) return readOne(field, value, { place, refuse });
  if (!Array.isArray(value)) return refuse(place, 'wrong');
  checkCount(place, value.length, field.most);
  const items = field.type === 'message' ? undefined : place;
  return value.map((item, index) =>
    readOne(field, item, { place: items ?? { parent: place, key: index }, refuse }),
  );
}

/** More than a statement of any database takes. */
const mostItems = 10_000;

/** @throws MlflowError INVALID_PARAMETER_VALUE */
function checkCount(place: Place, count: number, most = mostItems): void {
  if (count <= most) return;
  const message = `'${pathOf(place)}' may have ${most} items at most, and has ${count}.`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}

function readOne(field: Field, value: unknown, { place, refuse }: Reading): unknown {
  if (field.type === 'message') {
    if (!isMessage(value)) return refuse(place, 'wrong');
    return readFields(field.fields ?? {}, value, { parent: place, refuse });
  }
  const read = readScalar(field, value);
  const tooLarge = field.maximum !== undefined && Number(read) > field.maximum;
  return read === undefined || tooLarge ? refuse(place, 'wrong') : read;
}

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLexeme(value);
}

/** Undefined for a value that is not of the field's type, as protobuf's JSON form takes them. */
function readScalar(field: Field, value: unknown): unknown {
  switch (field.type) {
    case 'string':
      return typeof value === 'string' ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : { true: true, false: false }[String(value)];
    case 'double':
      return readDouble(value);
    case 'int64':
      return readInteger(value, 63n);
    case 'int32':
      return readInteger(value, 31n);
    case 'enum':
      return readName(field.values ?? [], value);
    case 'message':
      return undefined;
  }
}

const numeral = /^-?\d+(\.\d*)?([eE][+-]?\d+)?$/;

function readDouble(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const text = isLexeme(value) ? value.lexeme : value;
  if (typeof text !== 'string') return undefined;
  return numeral.test(text) || /^(NaN|-?Infinity)$/.test(text) ? Number(text) : undefined;
}

function readInteger(value: unknown, bits: 31n | 63n): number | bigint | undefined {
  const whole = wholeNumber(value);
  if (whole === undefined || whole < -(2n ** bits) || whole >= 2n ** bits) return undefined;
  const asNumber = Number(whole);
  return Number.isSafeInteger(asNumber) ? asNumber : whole;
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  const text = isLexeme(value) ? value.lexeme : value;
  if (typeof text !== 'string' || text.length > 40) return undefined;
  if (/^-?\d+$/.test(text)) return BigInt(text);
  return isLexeme(value) && Number.isInteger(Number(text)) ? BigInt(Number(text)) : undefined;
}

function readName(values: readonly string[], value: unknown): string | undefined {
  if (typeof value === 'string' && values.includes(value)) return value;
  const number = readInteger(value, 31n);
  return typeof number === 'number' ? values[number - 1] : undefined;
}
