import { recordValue } from '../kernel/record-value.ts';
import { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import type { Column } from '../project/tables/table.ts';
import type { ViewValue } from './sorted-column.ts';
import type { View, ViewDefinition, ViewValues } from './view.ts';

const columnTypes = ['string', 'integer', 'number', 'boolean', 'date', 'timestamp'] as const;

/** A lookup as tasks and versions store it: independent of today's project file. */
export const lookupDefinition = z.object({
  /** The name in the model: a member of the feature function's second argument. */
  name: z.string(),
  view: z.string(),
  key: z.array(z.string()),
  /** The request's fields with the key, in the order of `key`. */
  on: z.array(z.string()),
  at: z.string(),
  knownAt: z.string().nullable(),
  /** The column of the model's rows, and the field of the request, with the time to look strictly before. */
  before: z.string(),
  /** The values of a row, with the types that the feature function expects. */
  columns: z.array(
    z.object({
      name: z.string(),
      type: z.enum(columnTypes),
      nullable: z.boolean(),
      optional: z.literal(true).exactOptional(),
    }),
  ),
  /** The values if nothing was known yet. */
  initial: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).nullable(),
});
export type LookupDefinition = z.infer<typeof lookupDefinition>;

/** The result of every lookup of a request, by name: the feature function's second argument. */
export type LookupResults = Readonly<Record<string, ViewValues | undefined>>;

/** What a lookup found, for people and for the log. */
export interface FoundRow {
  readonly lookup: string;
  readonly view: string;
  /** The request's key. */
  readonly key: ViewValues;
  /** The time that it looked strictly before: milliseconds since 1970. */
  readonly before: number;
  /** The time from which the values are true, as text; null for initial values and if nothing was found. */
  readonly at: string | null;
  /** Null if nothing was known and the view has no initial values. */
  readonly values: ViewValues | null;
}

/** The time of a row or request in a field, in milliseconds since 1970. */
export type TimeBefore = (field: string) => number;

/** The lookups of a model over views in memory. Training, evaluation and serving use it alike. */
export interface Lookups {
  readonly definitions: readonly LookupDefinition[];
  find(request: Readonly<Record<string, unknown>>, before: TimeBefore): LookupResults;
  /** As `find`, with the time and the origin of the values. */
  describe(request: Readonly<Record<string, unknown>>, before: TimeBefore): readonly FoundRow[];
}

/**
 * @param views by name; every definition's view is among them
 * @throws PlatformError DATA_INVALID if a view lacks a column of a lookup, or has it with another type
 */
export function openLookups(
  definitions: readonly LookupDefinition[],
  views: ReadonlyMap<string, View>,
): Lookups {
  const opened = definitions.map((definition) => {
    const view = views.get(definition.view);
    if (!view) throw noView(definition);
    refuseOtherColumns(definition, view);
    const { initial } = definition;
    return {
      definition,
      view,
      valuesAt: view.select(definition.columns.map(({ name }) => name)),
      initial: initial === null ? undefined : Object.freeze({ ...initial }),
      key: Array.from<unknown>({ length: definition.on.length }),
    };
  });
  const positionOf = (
    { definition: { on }, view, key }: (typeof opened)[number],
    request: Readonly<Record<string, unknown>>,
    time: number,
  ): number => {
    for (let column = 0; column < on.length; column++) key[column] = recordValue(request, on[column] ?? '');
    return view.find(key, time);
  };
  return {
    definitions,
    find(request, before) {
      const results: Record<string, ViewValues | undefined> = {};
      for (const lookup of opened) {
        const position = positionOf(lookup, request, before(lookup.definition.before));
        results[lookup.definition.name] = position < 0 ? lookup.initial : lookup.valuesAt(position);
      }
      return results;
    },
    describe: (request, before) =>
      opened.map((lookup) => {
        const { definition, view, valuesAt, initial } = lookup;
        const time = before(definition.before);
        const position = positionOf(lookup, request, time);
        return {
          lookup: definition.name,
          view: definition.view,
          key: Object.fromEntries(
            definition.on.map((field, column) => [
              definition.key[column] ?? '',
              recordValue(request, field) as ViewValue,
            ]),
          ),
          before: time,
          at: position < 0 ? null : view.timeAt(position),
          values: position < 0 ? (initial ?? null) : valuesAt(position),
        };
      }),
  };
}

/** The results of lookups by name, of what they found. */
export function resultsOf(found: readonly FoundRow[]): LookupResults {
  return Object.fromEntries(found.map(({ lookup, values }) => [lookup, values ?? undefined]));
}

/** Views without a definition of their own: what the lookups read of each, by view. */
export function viewsOf(definitions: readonly LookupDefinition[]): readonly ViewDefinition[] {
  const byView = new Map(definitions.map(({ view, key, at, knownAt }) => [view, { view, key, at, knownAt }]));
  return [...byView.values()];
}

function noView({ name, view }: LookupDefinition): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: `lookup ${name}`,
    value: view,
    remedy: 'There is no table of this view: run the step that writes it.',
  });
}

function refuseOtherColumns({ view: name, columns }: LookupDefinition, view: View): void {
  for (const column of columns) {
    const found = view.columns.find((each) => each.name === column.name);
    const difference = found ? differenceOf(column, found) : 'it has no such column';
    if (difference === undefined) continue;
    throw new PlatformError('DATA_INVALID', {
      field: `table of view ${name}, column ${column.name}`,
      value: difference,
      remedy: 'The version reads it: write the column as before, or train again.',
    });
  }
}

type Declared = Pick<Column, 'type' | 'nullable'>;

function differenceOf(needed: Declared, found: Declared): string | undefined {
  if (kindOf(needed.type) !== kindOf(found.type)) return `it is ${found.type}, and was ${needed.type}`;
  return found.nullable && !needed.nullable ? 'it may be null now' : undefined;
}

function kindOf(type: Column['type']): Column['type'] {
  return type === 'integer' ? 'number' : type;
}
