import { type Json, type JsonObject, titleOf } from '../../../src/client/index.ts';

interface FieldBase {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly unit: string | undefined;
  /** Whether a request without a value for it is refused. */
  readonly required: boolean;
  readonly nullable: boolean;
  /** The value that the server uses if the request has none. */
  readonly fallback: Json | undefined;
}

export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly Option[];
}

export interface Option {
  readonly value: Json;
  /** Its text in a draft and in the address. */
  readonly key: string;
  readonly text: string;
}

export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly whole: boolean;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  /** Whether the minimum itself is excluded; `below` is the same for the maximum. */
  readonly above: boolean;
  readonly below: boolean;
  readonly step: number | undefined;
}

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly input: 'text' | 'date' | 'datetime-local' | 'time' | 'email' | 'url';
  readonly suggestions: readonly string[];
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly pattern: string | undefined;
}

/** A yes or no, or a value that has no widget: the reader types it as JSON. */
export interface OtherField extends FieldBase {
  readonly kind: 'switch' | 'json';
}

export type Field = ChoiceField | NumberField | TextField | OtherField;

/** The parts of JSON Schema 2020-12 that a form uses. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly unit?: string;
  readonly default?: Json;
  readonly examples?: readonly Json[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
}

/** The fields of a request's JSON Schema, in its order. */
export function readFields(request: JsonObject): readonly Field[] {
  const { properties = {}, required = [] } = request as Schema;
  return Object.entries(properties).map(([name, schema]) => readField(name, schema, required.includes(name)));
}

function readField(name: string, whole: Schema, required: boolean): Field {
  const { schema, nullable, options } = simplified(whole);
  const base: FieldBase = {
    name,
    title: whole.title ?? schema.title ?? titleOf(name),
    description: whole.description ?? schema.description,
    unit: whole.unit ?? schema.unit,
    required: required && whole.default === undefined,
    nullable,
    fallback: whole.default,
  };
  if (options) return { ...base, kind: 'choice', options: options.map((value) => optionOf(value)) };
  if (schema.type === 'integer' || schema.type === 'number') return numberField(base, schema);
  if (schema.type === 'boolean') return booleanField(base);
  if (schema.type === 'string') return textField(base, { ...schema, ...withExamples(whole) });
  return { ...base, kind: 'json' };
}

function optionOf(value: Json, text = textOf(value)): Option {
  return { value, key: textOf(value), text };
}

/** A switch is always on or off; an optional yes or no needs a third choice. */
function booleanField(base: FieldBase): Field {
  const open = base.nullable || (!base.required && base.fallback === undefined);
  return open
    ? { ...base, kind: 'choice', options: [optionOf(true, 'Yes'), optionOf(false, 'No')] }
    : { ...base, kind: 'switch' };
}

function numberField(base: FieldBase, schema: Schema): NumberField {
  const whole = schema.type === 'integer';
  const minimum = schema.minimum ?? schema.exclusiveMinimum;
  const maximum = schema.maximum ?? schema.exclusiveMaximum;
  return {
    ...base,
    kind: 'number',
    whole,
    minimum: meant(minimum),
    maximum: meant(maximum),
    above: schema.minimum === undefined && schema.exclusiveMinimum !== undefined,
    below: schema.maximum === undefined && schema.exclusiveMaximum !== undefined,
    step: schema.multipleOf ?? (whole ? 1 : undefined),
  };
}

function textField(base: FieldBase, schema: Schema): TextField {
  const inputs = {
    date: 'date',
    'date-time': 'datetime-local',
    time: 'time',
    email: 'email',
    uri: 'url',
  } as const;
  const format: string = schema.format ?? '';
  const input = format in inputs ? inputs[format as keyof typeof inputs] : 'text';
  return {
    ...base,
    kind: 'text',
    input,
    suggestions: (schema.examples ?? []).map(String),
    minLength: schema.minLength,
    maxLength: schema.maxLength,
    // The pattern of a format is unreadable, and the input keeps to the format.
    pattern: input === 'text' ? schema.pattern : undefined,
  };
}

interface Simplified {
  readonly schema: Schema;
  readonly nullable: boolean;
  readonly options: readonly Json[] | undefined;
}

/** Removes `null` from a union, and lists the values of an enum. */
function simplified(schema: Schema): Simplified {
  const variants = schema.anyOf ?? schema.oneOf ?? [schema];
  const types = typeof schema.type === 'object' ? schema.type : [];
  const kept = variants.filter((variant) => variant.type !== 'null');
  const nullable =
    kept.length < variants.length || types.includes('null') || schema.enum?.includes(null) === true;
  const values = kept.flatMap(valuesOf);
  const [first = {}] = kept;
  const type = types.find((candidate) => candidate !== 'null');
  return {
    schema: kept.length === 1 ? { ...first, ...(type === undefined ? {} : { type }) } : {},
    nullable,
    options: kept.length > 0 && kept.every((variant) => valuesOf(variant).length > 0) ? values : undefined,
  };
}

function valuesOf(schema: Schema): readonly Json[] {
  if (schema.const !== undefined) return [schema.const];
  return (schema.enum ?? []).filter((value) => value !== null);
}

function withExamples(schema: Schema): Schema {
  return schema.examples ? { examples: schema.examples } : {};
}

/** A schema of whole numbers has JavaScript's safe range as bounds; they are not the author's. */
function meant(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}

export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
