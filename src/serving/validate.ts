import type { z } from 'zod';
import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';

/**
 * A request as its schema reads it: defaults filled in, everything checked.
 * @param described the request's JSON Schema, from which the remedies are worded
 * @throws PlatformError INPUT_INVALID naming every field that is wrong
 */
export function validate(request: unknown, schema: z.ZodObject, described: JsonObject): unknown {
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new PlatformError('INPUT_INVALID', {
      field: 'request',
      value: request,
      remedy: 'Send a JSON object with the fields of the request.',
    });
  const unknown = unknownFields(request, schema);
  const parsed = schema.safeParse(request);
  const wrong = parsed.success ? [] : parsed.error.issues.map((issue) => detailOf(issue, request, described));
  const [first, ...more] = [...unknown, ...firstOfEachField(wrong)];
  if (!first && parsed.success) return parsed.data;
  throw new PlatformError('INPUT_INVALID', {
    ...(first ?? { field: 'request', value: request, remedy: 'It does not fit the schema.' }),
    ...(more.length > 0 && { more }),
  });
}

function unknownFields(request: object, schema: z.ZodObject): readonly ErrorDetail[] {
  const known = Object.keys(schema.shape);
  return Object.entries(request)
    .filter(([field]) => !known.includes(field))
    .map(([field, value]) => ({
      field,
      value,
      remedy: `There is no such field. Known: ${known.join(', ')}.`,
    }));
}

function firstOfEachField(details: readonly ErrorDetail[]): readonly ErrorDetail[] {
  return details.filter(({ field }, place) => details.findIndex((other) => other.field === field) === place);
}

function detailOf(issue: z.core.$ZodIssue, request: object, described: JsonObject): ErrorDetail {
  const field = issue.path.join('.') || 'request';
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key],
    request,
  );
  if (issue.code === 'custom') return { field, value, remedy: sentence(issue.message) };
  const properties = described['properties'] as Readonly<Record<string, FieldSchema>> | undefined;
  const wanted = properties?.[String(issue.path[0])];
  return { field, value, remedy: wanted ? `Give ${wording(wanted)}.` : sentence(issue.message) };
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

interface FieldSchema {
  readonly type?: string | readonly string[] | undefined;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly FieldSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly unit?: string;
  readonly examples?: readonly unknown[];
}

/** What a field takes, in words: 'a whole number from 0 to 10 (wickets), such as 3'. */
function wording(field: FieldSchema): string {
  const unit = field.unit ? ` (${field.unit})` : '';
  const example = field.examples?.[0] === undefined ? '' : `, such as ${JSON.stringify(field.examples[0])}`;
  return `${kindWords(field)}${unit}${example}`;
}

function kindWords(field: FieldSchema): string {
  if (field.anyOf) return field.anyOf.map(kindWords).join(' or ');
  if (typeof field.type === 'object')
    return field.type.map((type) => kindWords({ ...field, type })).join(' or ');
  if (field.enum) return `one of ${field.enum.map((value) => JSON.stringify(value)).join(', ')}`;
  if (field.const !== undefined) return JSON.stringify(field.const);
  switch (field.type ?? 'unknown') {
    case 'integer':
      return `a whole number${rangeWords(field)}`;
    case 'number':
      return `a number${rangeWords(field)}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'string':
      return textWords(field);
    default:
      return 'another value';
  }
}

function rangeWords(field: FieldSchema): string {
  const [least, most] = [safe(field.minimum), safe(field.maximum)];
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  const bounds = [
    ['of at least', least],
    ['above', safe(field.exclusiveMinimum)],
    ['of at most', most],
    ['below', safe(field.exclusiveMaximum)],
  ].flatMap(([words, bound]) => (bound === undefined ? [] : [`${words} ${bound}`]));
  return bounds.length > 0 ? ` ${bounds.join(' and ')}` : '';
}

/** JSON Schema gives a whole number JavaScript's safe range; nobody needs to be told of it. */
function safe(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}

function textWords({ format, pattern, minLength, maxLength }: FieldSchema): string {
  if (format === 'date') return 'a date as YYYY-MM-DD';
  if (format === 'date-time') return 'a time as 2026-01-31T12:00:00Z';
  if (pattern) return `a text that matches ${pattern}`;
  if (minLength === 1 && maxLength === undefined) return 'a text that is not empty';
  const bounds = [
    ...(minLength ? [`at least ${minLength}`] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength}`]),
  ];
  return bounds.length > 0 ? `a text of ${bounds.join(' and ')} characters` : 'a text';
}
