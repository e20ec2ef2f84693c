import { mlflowError } from './errors.ts';
import type { Field, Fields } from './fields.ts';
import { isLexeme } from './lexemes.ts';

/** The position of a value in a request. */
export interface FieldPath {
  readonly parent: FieldPath | undefined;
  /** The name of a field, or the index of an item. */
  readonly key: string | number;
  /** The name under which the request has the field. @default key */
  readonly sentAs?: string | undefined;
}

export type Fault = 'missing' | 'wrong';
/** Throws for the first invalid value; never returns. */
export type Refuse = (path: FieldPath, fault: Fault) => never;

/** 'metrics[0].timestamp' */
export function pathText({ parent, key }: FieldPath): string {
  if (!parent) return String(key);
  return typeof key === 'number' ? `${pathText(parent)}[${key}]` : `${pathText(parent)}.${key}`;
}

/** How to read a request. */
export interface FieldReader {
  /** Whether `maxResults` is read as `max_results`, as protobuf's JSON form allows. */
  readonly jsonNames: boolean;
  readonly refuse: Refuse;
}

/** The values of a message by its fields; other members are ignored. `message` is an object or a map. */
export function readFields(
  fields: Fields,
  message: unknown,
  { parent, reader }: { readonly parent: FieldPath | undefined; readonly reader: FieldReader },
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const named of namedFields(fields)) {
    const { field, name } = named;
    const { value, sentAs } = memberOf(message, reader.jsonNames ? named.bodyNames : named.names);
    read[name] = readField(field, value, { path: { parent, key: name, sentAs }, reader });
  }
  return read;
}

interface NamedField {
  readonly field: Field;
  readonly name: string;
  /** The names that a request may use; the first one present counts. */
  readonly names: readonly string[];
  /** The same for a body, with protobuf's JSON names. */
  readonly bodyNames: readonly string[];
}

const namedFieldsOf = new WeakMap<Fields, readonly NamedField[]>();

function namedFields(fields: Fields): readonly NamedField[] {
  const cached = namedFieldsOf.get(fields);
  if (cached) return cached;
  const named = Object.entries(fields).map(([name, field]) => {
    const names = field.alsoCalled === undefined ? [name] : [name, field.alsoCalled];
    const bodyNames = [...new Set(names.flatMap((each) => [each, jsonName(each)]))];
    return { field, name, names, bodyNames };
  });
  namedFieldsOf.set(fields, named);
  return named;
}

/** As protobuf builds it: 'max_results' is 'maxResults'. */
function jsonName(name: string): string {
  return name.replaceAll(/_(.?)/g, (_match, letter: string) => letter.toUpperCase());
}

interface Member {
  readonly value: unknown;
  readonly sentAs: string | undefined;
}

const noMember: Member = { value: undefined, sentAs: undefined };

function memberOf(message: unknown, names: readonly string[]): Member {
  for (const sentAs of names) {
    const value = valueOf(message, sentAs);
    if (value !== undefined && value !== null) return { value, sentAs };
  }
  return noMember;
}

function valueOf(message: unknown, name: string): unknown {
  if (message instanceof Map) return message.get(name);
  return Object.hasOwn(message as object, name)
    ? (message as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

interface Reading {
  readonly path: FieldPath;
  readonly reader: FieldReader;
}

function readField(field: Field, value: unknown, { path, reader }: Reading): unknown {
  if (value === undefined || (field.required && value === '')) {
    if (field.required) return reader.refuse(path, 'missing');
    return field.repeated ? [] : undefined;
  }
  if (!field.repeated) return readOne(field, value, { path, reader });
  if (!Array.isArray(value)) return reader.refuse(path, 'wrong');
  checkCount(path, value.length, field.most);
  const ofItem = (key: number): FieldPath => (field.type === 'message' ? { parent: path, key } : path);
  return value.map((item, index) => readOne(field, item, { path: ofItem(index), reader }));
}

/** More than a statement of any database accepts. */
const mostItems = 10_000;

/** @throws MlflowError INVALID_PARAMETER_VALUE */
function checkCount(path: FieldPath, count: number, most = mostItems): void {
  if (count <= most) return;
  const message = `'${pathText(path)}' may have ${most} items at most, and has ${count}.`;
  throw mlflowError('INVALID_PARAMETER_VALUE', message);
}

function readOne(field: Field, value: unknown, { path, reader }: Reading): unknown {
  if (field.type === 'message') {
    if (!isMessage(value)) return reader.refuse(path, 'wrong');
    return readFields(field.fields ?? {}, value, { parent: path, reader });
  }
  const read = readScalar(field, value);
  const tooLarge = field.maximum !== undefined && Number(read) > field.maximum;
  return read === undefined || tooLarge ? reader.refuse(path, 'wrong') : read;
}

function isMessage(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLexeme(value);
}

/** Undefined for a value of another type than the field's, by the rules of protobuf's JSON. */
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
