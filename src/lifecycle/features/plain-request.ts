import { safeParse, type z } from 'zod';
import type { BatchColumn } from '../../project/tables/column-batch.ts';

/** Builds a request from values by field, or undefined if the schema has to decide about them. */
export type PlainRequest = (valueOf: (field: number) => unknown) => object | undefined;

/**
 * A check for a schema of plain fields: text, numbers, booleans and enums with bounds, each nullable or optional. It accepts
 * only what the schema accepts, and builds what the schema would return, at a fraction of the time. Undefined for a schema
 * with anything else.
 * @param request its fields, in order, are those that `valueOf` is asked for
 */
export function plainRequest(request: z.ZodObject): PlainRequest | undefined {
  if (request.def.checks?.length) return undefined;
  const fields = Object.entries(request.shape).map(([name, schema]) => plainField(name, schema));
  if (!fields.every((field) => field !== undefined)) return undefined;
  return (valueOf) => {
    const built: Record<string, unknown> = {};
    for (let at = 0; at < fields.length; at++) {
      const { name, isNullable, isOptional, accepts } = fields[at] as PlainField;
      const value = valueOf(at);
      if (value === null || value === undefined) {
        if (value === null && isNullable) built[name] = null;
        else if (!isOptional) return undefined;
      } else if (accepts(value)) built[name] = value;
      else return undefined;
    }
    return built;
  };
}

/** The column of a field. */
export interface FieldColumn {
  readonly values: BatchColumn | undefined;
  /** Whether a missing value is one that is left out. */
  readonly isOptional: boolean;
}

/** Values of the fields of one row; a missing number is null, and a missing value of an optional column is undefined. */
export function valuesAt(fields: readonly FieldColumn[], row: number): (field: number) => unknown {
  return (field) => {
    const { values, isOptional } = fields[field] as FieldColumn;
    const value = values?.[row];
    const given = Number.isNaN(value) ? null : value;
    return given === null && isOptional ? undefined : given;
  };
}

interface PlainField {
  readonly name: string;
  readonly isNullable: boolean;
  readonly isOptional: boolean;
  readonly accepts: (value: unknown) => boolean;
}

function plainField(name: string, schema: z.core.$ZodType): PlainField | undefined {
  let [inner, isNullable, isOptional] = [schema, false, false];
  for (let { def } = inner._zod; def.type === 'nullable' || def.type === 'optional'; { def } = inner._zod) {
    if ((def.checks ?? []).length > 0) return undefined;
    if (def.type === 'nullable') isNullable = true;
    else isOptional = true;
    inner = (def as z.core.$ZodOptionalDef).innerType;
  }
  const accepts = name === '__proto__' ? undefined : plainCheck(inner);
  return accepts && { name, isNullable, isOptional, accepts };
}

function plainCheck(schema: z.core.$ZodType): ((value: unknown) => boolean) | undefined {
  const { def } = schema._zod;
  if ((def as { coerce?: boolean }).coerce === true) return undefined;
  if (def.type === 'string') return textCheck(schema as z.core.$ZodString);
  if (def.type === 'number') return numberCheck(def as z.core.$ZodNumberDef);
  if (!noChecks(def)) return undefined;
  if (def.type === 'boolean') return (value) => typeof value === 'boolean';
  const { values } = schema._zod;
  if (def.type !== 'enum' || values === undefined) return undefined;
  return (value) => values.has(value as z.core.util.Primitive);
}

function noChecks({ checks = [] }: z.core.$ZodTypeDef): boolean {
  return checks.length === 0;
}

function textCheck(schema: z.core.$ZodString): ((value: unknown) => boolean) | undefined {
  const { def } = schema._zod;
  const { format } = def as { format?: string };
  if (format === 'date' || format === 'datetime')
    return noChecks(def) ? remembered((value) => safeParse(schema, value).success) : undefined;
  if (format !== undefined) return undefined;
  let [fewest, most] = [0, Infinity];
  for (const check of def.checks ?? []) {
    const rule = check._zod.def as { check: string; minimum?: number; maximum?: number };
    if (rule.check === 'min_length') fewest = Math.max(fewest, rule.minimum ?? Infinity);
    else if (rule.check === 'max_length') most = Math.min(most, rule.maximum ?? 0);
    else return undefined;
  }
  return (value) => typeof value === 'string' && value.length >= fewest && value.length <= most;
}

const mostRemembered = 100_000;

/** Dates repeat. */
function remembered(accepts: (value: unknown) => boolean): (value: unknown) => boolean {
  const seen = new Map<unknown, boolean>();
  return (value) => {
    const before = seen.get(value);
    if (before !== undefined) return before;
    const found = accepts(value);
    if (seen.size < mostRemembered) seen.set(value, found);
    return found;
  };
}

/** What Zod's rules of numbers have; its types name only what every rule has. */
interface NumberRule {
  readonly check: string;
  readonly format?: string;
  readonly value?: unknown;
  readonly inclusive?: boolean;
}

function numberCheck(def: z.core.$ZodNumberDef): ((value: unknown) => boolean) | undefined {
  const format = def as unknown as NumberRule;
  const rules = (def.checks ?? []).map((check) => check._zod.def as unknown as NumberRule);
  if (format.check === 'number_format') rules.push(format);
  let isWhole = false;
  let [minimum, maximum, above, below] = [-Infinity, Infinity, -Infinity, Infinity];
  for (const { check, format, value, inclusive } of rules) {
    if (check === 'number_format' && format === 'safeint') isWhole = true;
    else if (typeof value !== 'number') return undefined;
    else if (check === 'greater_than' && inclusive === true) minimum = Math.max(minimum, value);
    else if (check === 'greater_than') above = Math.max(above, value);
    else if (check === 'less_than' && inclusive === true) maximum = Math.min(maximum, value);
    else if (check === 'less_than') below = Math.min(below, value);
    else return undefined;
  }
  return (value) =>
    typeof value === 'number' &&
    (isWhole ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
    value >= minimum &&
    value <= maximum &&
    value > above &&
    value < below;
}
