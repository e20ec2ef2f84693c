import { z } from 'zod';
import type { JsonObject } from '../../kernel/json.ts';
import type { ForecastModel } from './forecast-model.ts';

/** A longer history says no more of the next values. */
const mostValues = 10_000;
/** A form offers no longer list. */
const mostChoices = 500;

/** The request of a forecast: a series by its name, or the values of another one. */
export function requestSchemaOf({ horizon }: Pick<ForecastModel, 'horizon'>): z.ZodObject {
  return z.object({
    series: z.union([z.string(), z.number()]).optional().meta({ title: 'Series' }),
    history: z
      .array(z.object({ time: z.union([z.string(), z.number()]), value: z.number() }))
      .min(1)
      .max(mostValues)
      .optional()
      .meta({
        title: 'History',
        description: 'Of a series that the version does not know: [{ "time", "value" }, …]',
      }),
    horizon: z
      .int()
      .min(1)
      .max(horizon)
      .default(horizon)
      .meta({ title: 'Horizon', description: 'How many values ahead' }),
  });
}

export interface ForecastRequest {
  readonly series?: string | number | undefined;
  readonly history?: readonly { readonly time: string | number; readonly value: number }[] | undefined;
  readonly horizon?: number | undefined;
}

/** The request as JSON Schema, with an example of a series by its name. */
export function describeRequest(
  model: Pick<ForecastModel, 'horizon'> & { readonly series: readonly { readonly name: string }[] },
): JsonObject {
  const names = model.series.map(({ name }) => name);
  const { properties, ...schema } = z.toJSONSchema(requestSchemaOf(model), {
    io: 'input',
    unrepresentable: 'any',
  }) as JsonObject & { readonly properties: Readonly<Record<string, JsonObject>> };
  const [example] = names;
  const choice = names.length > 0 && names.length <= mostChoices ? { enum: names } : {};
  return {
    ...schema,
    properties: {
      ...properties,
      series: {
        title: 'Series',
        type: 'string',
        ...choice,
        ...(example !== undefined && { examples: names.slice(0, 5) }),
      },
    },
    ...(example !== undefined && { examples: [{ series: example }] }),
  } as JsonObject;
}
