import type { z } from 'zod';
import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { formatRule, type ValueSchema } from '../kernel/schema-rule.ts';
import { formatNames } from '../kernel/format-names.ts';
import { impossibleDay } from './impossible-day.ts';

/**
 * Parses a request by its schema: checks everything and fills in defaults.
 * @param described the request's JSON Schema, for the wording of rules
 * @throws PlatformError INPUT_INVALID naming every field that is wrong
 */
export function validate(request: unknown, schema: z.ZodObject, described: JsonObject): unknown {
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new PlatformError('INPUT_INVALID', {
      field: 'request',
      value: request,
      remedy: 'must be a JSON object with the fields of the request',
    });
  const unknown = unknownFields(request, schema);
  const parsed = schema.safeParse(request);
  const issues = parsed.success ? [] : firstItems(parsed.error.issues);
  const wrong = issues.map((issue) => detailOf(issue, request, described));
  const [first, ...more] = [...unknown, ...firstOfEachField(wrong)];
  if (!first && parsed.success) return parsed.data;
  throw new PlatformError('INPUT_INVALID', {
    ...(first ?? { field: 'request', value: request, remedy: 'must fit the request schema' }),
    ...(more.length > 0 && { more }),
  });
}

function unknownFields(request: object, schema: z.ZodObject): readonly ErrorDetail[] {
  const fields = Object.keys(schema.shape);
  return Object.entries(request)
    .filter(([field]) => !Object.hasOwn(schema.shape, field))
    .map(([field, value]) => ({
      field,
      value,
      remedy: `is not a field of the request; its fields are ${formatNames(fields)}`,
    }));
}

function firstOfEachField(details: readonly ErrorDetail[]): readonly ErrorDetail[] {
  return details.filter(({ field }, index) => details.findIndex((other) => other.field === field) === index);
}

/** How many wrong items of one list an error names: the others are mostly wrong in the same way. */
const mostItems = 3;

function firstItems(issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] {
  const counts = new Map<string, number>();
  return issues.filter(({ path }) => {
    const location = path.map((key) => (typeof key === 'number' ? '*' : String(key))).join('.');
    const count = (counts.get(location) ?? 0) + 1;
    counts.set(location, count);
    return count <= mostItems;
  });
}

function detailOf(issue: z.core.$ZodIssue, request: object, described: JsonObject): ErrorDetail {
  const field = issue.path.join('.') || 'request';
  const value = issue.path.reduce<unknown>(
    (part, key) => (part as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key],
    request,
  );
  if (issue.code === 'custom') return { field, value, remedy: sentence(issue.message) };
  const schema = issue.path.length > 0 ? schemaAt(described, issue.path) : undefined;
  if (!schema) return { field, value, remedy: sentence(issue.message) };
  return { field, value, remedy: impossibleDay(value, schema) ?? formatRule(field, schema) };
}

/** The schema of a value inside a request; undefined if the path leads through what a JSON Schema does not describe. */
function schemaAt(schema: ValueSchema, path: readonly PropertyKey[]): ValueSchema | undefined {
  const [key, ...deeper] = path;
  if (key === undefined) return schema;
  const inner = [schema, ...(schema.anyOf ?? [])]
    .map(({ items, properties }) => (typeof key === 'number' ? items : properties?.[String(key)]))
    .find((each) => each !== undefined);
  return inner && schemaAt(inner, deeper);
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
