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
  readonly type?: string | undefined;
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
      return field.format === 'date' ? 'a date as YYYY-MM-DD' : `a text${lengthWords(field)}`;
    default:
      return 'another value';
  }
}

function rangeWords(field: FieldSchema): string {
  const least = safe(field.minimum ?? field.exclusiveMinimum);
  const most = safe(field.maximum ?? field.exclusiveMaximum);
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`;
  if (least !== undefined)
    return field.exclusiveMinimum === undefined ? ` of at least ${least}` : ` above ${least}`;
  return most === undefined ? '' : ` of at most ${most}`;
}

/** JSON Schema gives a whole number JavaScript's safe range; nobody needs to be told of it. */
function safe(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}

function lengthWords({ minLength, maxLength, pattern }: FieldSchema): string {
  if (pattern) return ` that matches ${pattern}`;
  if (maxLength !== undefined) return ` of at most ${maxLength} characters`;
  return minLength ? ' that is not empty' : '';
}
