import { formatList } from './format-list.ts';

/** What a JSON Schema says about one value. */
export interface ValueSchema {
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly ValueSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: ValueSchema;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly unit?: string;
  readonly examples?: readonly unknown[];
}

/** The rule of a schema for a field: 'must be a whole number from 0 to 10'. */
export function formatRule(field: string, schema: ValueSchema): string {
  const { unit = '' } = schema;
  const isNamed = field.toLowerCase().includes(unit.toLowerCase());
  return `must be ${formatKind(isNamed ? { ...schema, unit: '' } : schema)}${formatExample(schema)}`;
}

/** An example helps if the rule alone allows many values. */
function formatExample({ examples, minimum, maximum, enum: values, format }: ValueSchema): string {
  const isClosed = (minimum !== undefined && maximum !== undefined) || values || format;
  return isClosed || examples?.[0] === undefined ? '' : `, such as ${JSON.stringify(examples[0])}`;
}

function formatKind(schema: ValueSchema): string {
  if (schema.anyOf) return schema.anyOf.map(formatKind).join(' or ');
  if (typeof schema.type === 'object')
    return schema.type.map((type) => formatKind({ ...schema, type })).join(' or ');
  if (schema.enum) return `one of ${schema.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  switch (schema.type ?? 'unknown') {
    case 'integer':
      return `a whole number${formatRange(schema)}`;
    case 'number':
      return `a number${formatRange(schema)}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'string':
      return formatText(schema);
    case 'array':
      return `a list${formatCount(schema)}`;
    case 'object':
      return `an object${formatMembers(schema)}`;
    default:
      return 'another value';
  }
}

function formatRange(schema: ValueSchema): string {
  const [least, most] = [stated(schema.minimum), stated(schema.maximum)];
  const unit = schema.unit ? ` ${schema.unit}` : '';
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}${unit}`;
  const bounds = [
    ['of at least', least],
    ['above', stated(schema.exclusiveMinimum)],
    ['of at most', most],
    ['below', stated(schema.exclusiveMaximum)],
  ].flatMap(([text, bound]) => (bound === undefined ? [] : [`${text} ${bound}`]));
  if (bounds.length > 0) return ` ${bounds.join(' and ')}${unit}`;
  return unit && ` in${unit}`;
}

/** Zod bounds whole numbers by JavaScript's safe range, which is not a rule of the schema's author. */
function stated(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}

function formatText({ format, pattern, minLength, maxLength }: ValueSchema): string {
  if (format === 'date') return 'a date as YYYY-MM-DD';
  if (format === 'date-time') return 'a time as 2026-01-31T12:00:00Z';
  if (pattern) return `a text that matches ${pattern}`;
  if (minLength === 1 && maxLength === undefined) return 'a text that is not empty';
  const bounds = formatBounds(minLength, maxLength);
  return bounds ? `a text of ${bounds} characters` : 'a text';
}

function formatCount({ minItems, maxItems }: ValueSchema): string {
  const bounds = formatBounds(minItems, maxItems);
  return bounds && ` of ${bounds} items`;
}

function formatMembers({ required = [] }: ValueSchema): string {
  return required.length === 0 ? '' : ` with ${formatList(required)}`;
}

function formatBounds(least: number | undefined, most: number | undefined): string {
  return [...(least ? [`at least ${least}`] : []), ...(most === undefined ? [] : [`at most ${most}`])].join(
    ' and ',
  );
}
