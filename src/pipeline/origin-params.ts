import { z } from 'zod';
import type { Duration } from '../kernel/units.ts';
import { http, type HttpOptions } from '../project/tables/http.ts';
import { isSimulated, type Origin, originsOf, type Simulation } from '../project/tables/origin.ts';
import type { Source } from '../project/tables/source.ts';
import type { QueryOrigin } from '../sources/operations.ts';
import { usesSince } from '../sources/query-rows.ts';
import { DeclarationFault } from './declaration-fault.ts';
import { jsonObject } from './json-object.ts';
import type { OperationContext, Planning } from './operation.ts';
import type { CodeRef } from './task.ts';

const secret = z.object({ kind: z.literal('secret'), name: z.string() });

/** The options of `http()` that are data. */
const httpData = z.object({
  url: z.union([z.string(), z.array(z.string()).readonly()]).optional(),
  headers: z.record(z.string(), z.union([z.string(), secret])).optional(),
  limit: z
    .object({ requests: z.number(), per: z.custom<Duration>((value) => typeof value === 'string') })
    .optional(),
});

const database = z.discriminatedUnion('dialect', [
  z.object({ kind: z.literal('database'), dialect: z.literal('postgres'), url: secret }),
  z.object({ kind: z.literal('database'), dialect: z.literal('sqlite'), path: z.string() }),
]);

/** An origin as JSON; its functions are code of the task, named by its index: '0.make', '1.next'. */
export const originParams = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('address'), from: z.string() }),
  z.object({ kind: z.literal('simulation'), args: jsonObject }),
  z.object({ kind: z.literal('http'), options: httpData }),
  z.object({
    kind: z.literal('query'),
    database,
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
      const { url, next, refuse, ...data } = origin.options;
      const functions = { ...(typeof url === 'function' && { url }), next, refuse };
      for (const [option, value] of Object.entries(functions))
        if (value) code[`${index}.${option}`] = await bundle(value, `${field(index)}.options.${option}`);
      origins.push({ kind: 'http', options: { ...data, ...(typeof url !== 'function' && { url }) } });
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
  const load = async <Option extends 'url' | 'next' | 'refuse'>(
    option: Option,
  ): Promise<HttpOptions[Option] | undefined> => {
    const name = `${index}.${option}`;
    return Object.hasOwn(context.spec.code, name) ? context.code<HttpOptions[Option]>(name) : undefined;
  };
  const { url = [], headers, limit } = params.options;
  const [loaded, next, refuse] = [await load('url'), await load('next'), await load('refuse')];
  return http({
    url: loaded ?? url,
    ...(headers && { headers }),
    ...(limit && { limit }),
    ...(next && { next }),
    ...(refuse && { refuse }),
  });
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

function secretsOf(origin: Origin): readonly string[] {
  if (typeof origin === 'string' || origin.kind !== 'http') return [];
  return Object.values(origin.options.headers ?? {}).flatMap((value) =>
    typeof value === 'string' ? [] : [value.name],
  );
}
