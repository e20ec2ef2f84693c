import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';
import type { Database } from '../project/database.ts';
import type { Http } from '../project/http.ts';
import { isSimulated, type Origin, originsOf, type Simulation } from '../project/origin.ts';
import type { Source } from '../project/source.ts';
import type { QueryOrigin } from '../sources/operations.ts';
import { usesSince } from '../sources/query-rows.ts';
import { DeclarationFault } from './declaration-fault.ts';
import type { OperationContext, Planning } from './operation.ts';
import type { CodeRef } from './task.ts';

const json = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null);

/** An origin as JSON; its functions are code of the task, named by its index: '0.make', '1.next'. */
export const originParams = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('address'), from: z.string() }),
  z.object({ kind: z.literal('simulation'), args: json }),
  z.object({ kind: z.literal('http'), options: json }),
  z.object({
    kind: z.literal('query'),
    database: z.custom<Database>((value) => typeof value === 'object' && value !== null),
    sql: z.string(),
    start: z.string(),
  }),
]);

type OriginParams = z.output<typeof originParams>;

interface PlannedOrigins {
  readonly origins: readonly OriginParams[];
  readonly code: Readonly<Record<string, CodeRef>>;
  /** Names of secrets. */
  readonly secrets: readonly string[];
  /** Whether nothing outside of the project decides the bytes. */
  readonly isSimulated: boolean;
}

/** The origins of a source as data and code. @throws PlatformError PROJECT_INVALID for a function that is not exported */
export async function planOrigins(
  source: Source,
  { bundle }: Pick<Planning, 'bundle'>,
): Promise<PlannedOrigins> {
  const { name, reader } = source;
  const query = queryOrigin(source);
  if (query) return query;
  const all = originsOf(reader);
  const code: Record<string, CodeRef> = {};
  const field = (index: number): string =>
    `sources.${name}.reader.from${Array.isArray(reader.from) ? `.${index}` : ''}`;
  const origins: OriginParams[] = [];
  for (const [index, origin] of all.entries()) {
    if (typeof origin === 'string') origins.push({ kind: 'address', from: origin });
    else if (isSimulated(origin)) {
      code[`${index}.make`] = await bundle(origin.make, `${field(index)}.make`);
      origins.push({ kind: 'simulation', args: origin.args });
    } else {
      const { data, functions } = parts(origin);
      for (const [option, value] of functions)
        code[`${index}.${option}`] = await bundle(value, `${field(index)}.options.${option}`);
      origins.push({ kind: 'http', options: data });
    }
  }
  return { origins, code, secrets: all.flatMap(secretsOf), isSimulated: all.every(isSimulated) };
}

/** The origin that a task fetches, with its functions. */
export async function loadOrigin(
  params: OriginParams,
  index: number,
  context: Pick<OperationContext, 'code' | 'spec'>,
): Promise<Origin | QueryOrigin> {
  if (params.kind === 'address') return params.from;
  if (params.kind === 'query') return params;
  if (params.kind === 'simulation')
    return {
      kind: 'simulation',
      make: await context.code<Simulation['make']>(`${index}.make`),
      args: params.args,
    };
  const functions: Record<string, unknown> = {};
  for (const option of ['url', 'next', 'refuse'])
    if (Object.hasOwn(context.spec.code, `${index}.${option}`))
      functions[option] = await context.code(`${index}.${option}`);
  return { kind: 'http', options: { ...params.options, ...functions } as unknown as Http['options'] };
}

/** A database's origin; undefined for other readers. @throws DeclarationFault for `$since` without `since` */
function queryOrigin({ name, reader, table, since }: Source): PlannedOrigins | undefined {
  const { from, options } = reader;
  const sql = options['sql'];
  if (typeof from === 'string' || !('kind' in from) || from.kind !== 'database' || typeof sql !== 'string')
    return undefined;
  if (since === undefined && usesSince(sql))
    throw new DeclarationFault([
      `source ${name}: its SQL uses $since: name the column in \`since\`, and the columns of a row's key in \`key\``,
    ]);
  const isDate = table.schema.columns.some((column) => column.name === since && column.type === 'date');
  const start = isDate ? '0001-01-01' : '0001-01-01T00:00:00Z';
  return {
    origins: [{ kind: 'query', database: from, sql, start }],
    code: {},
    secrets: from.dialect === 'postgres' ? [from.url.name] : [],
    isSimulated: false,
  };
}

function parts({ options }: Http): {
  readonly data: JsonObject;
  readonly functions: readonly (readonly [string, unknown])[];
} {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(options);
  const isFunction = ([, value]: readonly [string, unknown]): boolean => typeof value === 'function';
  return {
    data: Object.fromEntries(
      entries.filter((entry) => !isFunction(entry) && entry[1] !== undefined),
    ) as JsonObject,
    functions: entries.filter(isFunction),
  };
}

function secretsOf(origin: Origin): readonly string[] {
  if (typeof origin === 'string' || origin.kind !== 'http') return [];
  return Object.values(origin.options.headers ?? {}).flatMap((value) =>
    typeof value === 'string' ? [] : [value.name],
  );
}
