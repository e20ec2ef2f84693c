import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';

export type ColumnType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'timestamp';

/** A column and the rule for its values; a row that breaks it is refused when it is written. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly nullable: boolean;
  /** Whether a row lacks the column when its value is absent, instead of null: `.optional()` without `.nullable()`. */
  readonly optional?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Values are greater than this, and `below` smaller. */
  readonly above?: number;
  readonly below?: number;
  readonly oneOf?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** For people; not part of the table's identity. */
  readonly title?: string;
  /** The unit of a number: 'runs', 'INR per month'. For people. */
  readonly unit?: string;
}

interface FieldSchema {
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly FieldSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly title?: string;
  readonly unit?: string;
}

/** @throws PlatformError PROJECT_INVALID for a type that no column can hold */
export function columnOf(name: string, field: z.core.$ZodType): Column {
  const refuse = (value: unknown): never => {
    throw new PlatformError('PROJECT_INVALID', {
      field: `column ${name}`,
      value,
      remedy:
        'A column holds a string, number, boolean, enum, date or time, without refinements or transforms.',
    });
  };
  if (hasOwnCode(field)) return refuse('a refinement or transform');
  const whole = z.toJSONSchema(field, { io: 'output', unrepresentable: 'any' }) as FieldSchema;
  const variants = variantsOf(whole);
  const [kept, another] = variants.filter(({ type }) => type !== 'null');
  if (!kept || another) return refuse('a union');
  const acceptsNull = variants.some(({ type }) => type === 'null');
  const optional = acceptsUndefined(field) && !acceptsNull;
  const type = columnTypeOf(kept) ?? refuse(kept.type ?? 'any');
  const oneOf = kept.enum ?? (kept.const === undefined ? undefined : [kept.const]);
  const isNumber = type === 'integer' || type === 'number';
  // JSON Schema repeats the format of a date; the column's type already has it.
  const pattern = type === 'string' ? kept.pattern : undefined;
  return {
    name,
    type,
    nullable: acceptsNull || optional,
    ...(optional && { optional }),
    ...(isNumber && present('minimum', withinSafe(kept.minimum))),
    ...(isNumber && present('maximum', withinSafe(kept.maximum))),
    ...(isNumber && present('above', withinSafe(kept.exclusiveMinimum))),
    ...(isNumber && present('below', withinSafe(kept.exclusiveMaximum))),
    ...present('oneOf', oneOf?.map(String)),
    ...present('pattern', pattern),
    ...present('minLength', kept.minLength),
    ...present('maxLength', kept.maxLength),
    ...present('title', whole.title),
    ...present('unit', whole.unit),
  };
}

/** Zod writes a union as `anyOf`, or as a list of types if no variant has bounds. */
function variantsOf(whole: FieldSchema): readonly (FieldSchema & { readonly type?: string })[] {
  const listed =
    typeof whole.type === 'string' || whole.type === undefined
      ? undefined
      : whole.type.map((type) => ({ type }));
  return (whole.anyOf ?? listed ?? [{}]).map(
    (variant) => ({ ...whole, ...variant }) as FieldSchema & { readonly type?: string },
  );
}

function columnTypeOf(field: FieldSchema): ColumnType | undefined {
  const listed = field.enum ?? (field.const === undefined ? undefined : [field.const]);
  if (listed) return listed.every((value) => typeof value === 'string') ? 'string' : undefined;
  if (field.type === 'string' && field.format === 'date') return 'date';
  if (field.type === 'string' && field.format === 'date-time') return 'timestamp';
  if (
    field.type === 'string' ||
    field.type === 'integer' ||
    field.type === 'number' ||
    field.type === 'boolean'
  )
    return field.type;
  return undefined;
}

/** Whether a schema runs code that its JSON Schema does not show: refinements, transforms, preprocessing. */
function hasOwnCode(field: z.core.$ZodType): boolean {
  let found = false;
  z.toJSONSchema(field, {
    io: 'output',
    unrepresentable: 'any',
    override: ({ zodSchema }) => {
      const { type, checks = [] } = zodSchema._zod.def;
      if (
        type === 'transform' ||
        type === 'custom' ||
        checks.some((check) => check._zod.def.check === 'custom')
      )
        found = true;
    },
  });
  return found;
}

function acceptsUndefined(field: z.core.$ZodType): boolean {
  return field._zod.optout === 'optional';
}

/** Zod gives whole numbers JavaScript's safe range as bounds; that is not a rule of the project. */
function withinSafe(bound: number | undefined): number | undefined {
  return bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound;
}

function present<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value };
}
