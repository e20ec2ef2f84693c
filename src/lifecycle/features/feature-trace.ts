import { recordValue } from '../../kernel/record-value.ts';
import { z } from 'zod';
import type { LookupResults } from '../../features/lookup.ts';
import type { Features } from '../../project/models/model.ts';
import { type FeatureCode, featuresOf } from './feature-code.ts';

/** The request fields and the lookups that a feature is computed from. */
const featureOrigin = z.object({ fields: z.array(z.string()), lookups: z.array(z.string()) });

/** The origins of features by name. Null if there are too many fields and features to try each. */
export const featureTrace = z.record(z.string(), featureOrigin).nullable();
export type FeatureTrace = z.infer<typeof featureTrace>;

/** The output of `features` besides the matrix. */
export const featureOrigins = z.object({
  /** Every field of the request. */
  fields: z.array(z.string()),
  features: featureTrace,
});

/** A row that features are computed from. */
export interface TracedRow {
  /** Parsed by the request schema. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly lookups: LookupResults;
}

const sampledRows = 200;
const changedRows = 16;
/** Feature values to compute in all. */
const mostValues = 4_000_000;
const fewestTries = 8;
const mostTries = 300;

/** Collects evenly spread rows. @param total rows that there will be */
export function sampleRows(total: number): { add(number: number, row: TracedRow): void; rows: TracedRow[] } {
  const every = Math.max(1, Math.floor(total / sampledRows));
  const rows: TracedRow[] = [];
  return {
    rows,
    add(number, row) {
      if (number % every === 0 && rows.length < sampledRows) rows.push(row);
    },
  };
}

/**
 * Finds what each feature is computed from: it changes one field or one lookup of a row at a time to other values of the
 * sample, and to values that the request schema names, and looks which features change.
 */
export function traceFeatures(sample: readonly TracedRow[], code: FeatureCode): FeatureTrace {
  const bases = spread(sample, changedRows).flatMap((row) => {
    const features = attempt(code, row);
    return features ? [{ row, features }] : [];
  });
  const names = Object.keys(bases[0]?.features ?? {});
  const fields = Object.keys(code.request.shape);
  const lookups = Object.keys(sample[0]?.lookups ?? {});
  const parts = fields.length + lookups.length;
  const tries = Math.min(mostTries, Math.floor(mostValues / Math.max(1, parts * names.length)));
  if (tries < fewestTries) return null;

  const changed = (
    others: readonly unknown[],
    withOther: (row: TracedRow, other: unknown) => TracedRow,
  ): Set<string> => {
    const found = new Set<string>();
    const rounds = Math.max(1, Math.min(bases.length, Math.floor(tries / Math.max(1, others.length))));
    for (const [index, other] of others.entries())
      for (let round = 0; round < rounds; round++) {
        const base = bases[(index + round) % Math.max(1, bases.length)];
        const features = base && attempt(code, withOther(base.row, other));
        if (!base || !features) continue;
        for (const name of names) if (!Object.is(features[name], base.features[name])) found.add(name);
      }
    return found;
  };

  const named = namedValues(code.request);
  const byField = fields.map((field) => {
    const values = [...(recordValue(named, field) ?? []), ...sample.map(({ request }) => request[field])];
    return {
      field,
      features: changed(spread(distinct(values), tries), (row, other) => ({
        ...row,
        request: { ...row.request, [field]: other },
      })),
    };
  });
  const byLookup = lookups.map((lookup) => {
    const values = [undefined, ...sample.map((row) => row.lookups[lookup])];
    return {
      lookup,
      features: changed(spread(values, tries), (row, other) => ({
        ...row,
        lookups: { ...row.lookups, [lookup]: other as LookupResults[string] },
      })),
    };
  });
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        fields: byField.filter(({ features }) => features.has(name)).map(({ field }) => field),
        lookups: byLookup.filter(({ features }) => features.has(name)).map(({ lookup }) => lookup),
      },
    ]),
  );
}

/** A changed row may be one that no caller sends, and the project's function may refuse it. */
function attempt(code: FeatureCode, { request, lookups }: TracedRow): Features | undefined {
  try {
    return featuresOf(code, request, lookups);
  } catch {
    return undefined;
  }
}

interface Named {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly examples?: readonly unknown[];
  readonly anyOf?: readonly Named[];
}

/** The values that a schema names for each field: choices, examples, yes and no, null, and no value at all. */
function namedValues(request: z.ZodObject): Readonly<Record<string, readonly unknown[]>> {
  const { properties = {}, required = [] } = z.toJSONSchema(request, {
    io: 'input',
    unrepresentable: 'any',
  }) as { readonly properties?: Readonly<Record<string, Named>>; readonly required?: readonly string[] };
  const valuesOf = ({ type, enum: choices = [], examples = [], anyOf = [] }: Named): readonly unknown[] => [
    ...choices,
    ...examples,
    ...(type?.includes('boolean') ? [true, false] : []),
    ...(type?.includes('null') ? [null] : []),
    ...anyOf.flatMap(valuesOf),
  ];
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [
      name,
      required.includes(name) ? valuesOf(schema) : [undefined, ...valuesOf(schema)],
    ]),
  );
}

/** In order of size where they are numbers, so that evenly spread ones include the extremes. */
function distinct(values: readonly unknown[]): readonly unknown[] {
  const different = [...new Set(values)];
  return different.every((value) => typeof value === 'number' || value === null)
    ? different.toSorted((a, b) => Number(a) - Number(b))
    : different;
}

/** At most `most` items, evenly spread, the first and the last among them. */
function spread<Item>(items: readonly Item[], most: number): readonly Item[] {
  if (items.length <= most) return items;
  return Array.from(
    { length: most },
    (_, index) => items[Math.round((index * (items.length - 1)) / (most - 1))] as Item,
  );
}
