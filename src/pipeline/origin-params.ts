import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';
import type { Http } from '../project/http.ts';
import { isSimulated, type Origin, originsOf, type Simulation } from '../project/origin.ts';
import type { Source } from '../project/source.ts';
import type { OperationContext, Planning } from './operation.ts';
import type { CodeRef } from './task.ts';

const json = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null);

/** An origin as JSON; its functions are code of the task, named by its index: '0.make', '1.next'. */
export const originParams = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('address'), from: z.string() }),
  z.object({ kind: z.literal('simulation'), args: json }),
  z.object({ kind: z.literal('http'), options: json }),
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
  { name, reader }: Source,
  { bundle }: Pick<Planning, 'bundle'>,
): Promise<PlannedOrigins> {
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
): Promise<Origin> {
  if (params.kind === 'address') return params.from;
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
