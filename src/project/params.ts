import { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { nearestName } from '../kernel/nearest-name.ts';
import { formatRule, type ValueSchema } from '../kernel/schema-rule.ts';

/** A value for a param, and where a person wrote it. */
export interface GivenParam {
  /** The param's name, or the variable of the environment: MODELYARD_PARAM_MAX_ROWS. */
  readonly name: string;
  /** A text of a command line or environment is converted by the param's schema. */
  readonly value: Json;
  readonly isText: boolean;
  /** For errors: 'live in params.yaml', '--set live', 'MODELYARD_PARAM_LIVE'. */
  readonly field: string;
}

export interface ParamsReader {
  readonly params: typeof params;
  /** The values of the `params()` call; undefined before it. */
  read(): JsonObject | undefined;
}

/**
 * Declares values that a run can set: in `params.yaml` beside the project file, by `MODELYARD_PARAM_<NAME>`, and by
 * `--set name=value`; later ones win. They are read once, when the project file is loaded. Without the command line, in a
 * test for example, each param has its default.
 * @example export const { live, rows } = params(z.object({ live: z.boolean().default(false), rows: z.int().default(1000) }))
 * @throws PlatformError CONFIG_INVALID naming the param, its value and what it must be
 */
export function params<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
): z.output<z.ZodObject<Shape>> {
  return valuesOf(schema, []) as z.output<z.ZodObject<Shape>>;
}

/** `params` with given values, of which later ones win. It may be called once. */
export function paramsReader(given: readonly GivenParam[]): ParamsReader {
  let values: JsonObject | undefined;
  return {
    params<Shape extends z.ZodRawShape>(schema: z.ZodObject<Shape>) {
      if (values)
        throw new PlatformError('PROJECT_INVALID', {
          field: 'params',
          value: Object.keys(schema.shape),
          remedy: 'Call params() once, with all params of the project, and import its values elsewhere.',
        });
      values = valuesOf(schema, given);
      return values as z.output<z.ZodObject<Shape>>;
    },
    read: () => values,
  };
}

/** @throws PlatformError CONFIG_INVALID */
export function refuseUnknownParams(names: readonly string[], given: readonly GivenParam[]): void {
  const variables = names.map(paramVariable);
  const unknown = given.find(({ name }) => !names.includes(name) && !variables.includes(name));
  if (!unknown) return;
  const nearest = nearestName(unknown.name, unknown.name.startsWith(prefix) ? variables : names);
  const all = names.length === 0 ? 'the project has no params' : `the params are ${names.join(', ')}`;
  throw new PlatformError('CONFIG_INVALID', {
    field: unknown.field,
    value: unknown.value,
    remedy: `is not a param of the project: ${nearest === undefined ? all : `did you mean "${nearest}"?`}`,
  });
}

function valuesOf(schema: z.ZodObject, given: readonly GivenParam[]): JsonObject {
  const fields = Object.entries(schema.shape as Record<string, z.ZodType>);
  refuseUnknownParams(
    fields.map(([name]) => name),
    given,
  );
  const names = new Map(
    fields.flatMap(([name]) => [
      [name, name],
      [paramVariable(name), name],
    ]),
  );
  const chosen = new Map(given.map((each) => [names.get(each.name), each]));
  const read = Object.fromEntries(
    fields
      .map(([name, field]) => [name, valueOf(name, field, chosen.get(name))] as const)
      .filter(([, value]) => value !== undefined),
  );
  const whole = schema.safeParse(read);
  if (!whole.success) throw refused(whole.error.issues[0]?.path.join('.') || 'params', read, whole.error);
  for (const [name, value] of Object.entries(whole.data)) requireJson(name, value);
  return whole.data as JsonObject;
}

/** The value as the schema takes it, before its defaults and transforms. */
function valueOf(name: string, schema: z.ZodType, given: GivenParam | undefined): unknown {
  const candidates =
    given?.isText === true && typeof given.value === 'string' ? readings(given.value) : [given?.value];
  const tried = candidates.map((value) => ({ value, parsed: schema.safeParse(value) }));
  const taken = tried.find(({ parsed }) => parsed.success);
  if (taken) return taken.value;
  const field = given?.field ?? name;
  const value = given?.value;
  const rule = ruleOf(name, schema);
  const remedy = given
    ? rule
    : `has no default: write it in params.yaml, or give --set ${name}=… or ${paramVariable(name)}`;
  throw new PlatformError('CONFIG_INVALID', { field, value, remedy });
}

const numeric = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const yesOrNo: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  false: false,
  no: false,
  off: false,
};

/** What a text may mean; the first that the schema takes counts, so that a text stays a text where one is wanted. */
function readings(text: string): readonly unknown[] {
  const trimmed = text.trim();
  const json = jsonIn(trimmed);
  return [
    text,
    ...(numeric.test(trimmed) ? [Number(trimmed)] : []),
    ...(Object.hasOwn(yesOrNo, trimmed.toLowerCase()) ? [yesOrNo[trimmed.toLowerCase()]] : []),
    ...(json === undefined ? [] : [json]),
  ];
}

function jsonIn(text: string): unknown {
  if (!/^[[{n"]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function ruleOf(name: string, schema: z.ZodType): string {
  return formatRule(name, z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as ValueSchema);
}

/** A rule of the whole object: a refinement over several params. */
function refused(field: string, value: unknown, { issues }: z.ZodError): PlatformError {
  const remedy = `The schema of the params refuses it: ${issues[0]?.message ?? 'no reason'}.`;
  return new PlatformError('CONFIG_INVALID', { field, value, remedy });
}

/** Values are part of tasks' keys and of the record of a run. */
function requireJson(name: string, value: unknown): void {
  if (value === undefined || isJson(value)) return;
  throw new PlatformError('PROJECT_INVALID', {
    field: `param ${name}`,
    value: Object.prototype.toString.call(value),
    remedy: 'A param is a string, number, boolean, null, or a list or object of these.',
  });
}

function isJson(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  if (typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === Object.prototype || prototype === null) &&
    Object.values(value).every((each) => each === undefined || isJson(each))
  );
}

const prefix = 'MODELYARD_PARAM_';

/** 'maxRows' is MODELYARD_PARAM_MAX_ROWS. */
function paramVariable(name: string): string {
  const snake = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').replaceAll(/[^A-Za-z0-9]+/g, '_');
  return `${prefix}${snake.toUpperCase()}`;
}
