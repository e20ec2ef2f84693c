import type { RequestedFieldView } from '../api/views.ts';
import { numberForm } from '../kernel/format-number.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { titleOf } from '../kernel/title.ts';
import type { SeenField } from '../lifecycle/version/version-fields.ts';

interface Asked {
  /** The JSON Schema of a request. */
  readonly schema: JsonObject;
  readonly request: JsonObject;
  /** What a version saw of its fields. @default not known */
  readonly seen?: Readonly<Record<string, SeenField>> | undefined;
}

/** A field of a request as its schema names it, with the value that was sent or the default. */
export function requestedField(name: string, { schema, request, seen = {} }: Asked): RequestedFieldView {
  const { title, unit } = fieldTexts(name, schema);
  const values = Object.hasOwn(seen, name) ? seen[name] : undefined;
  const range = values?.kind === 'number' ? ([values.low, values.high] as const) : undefined;
  return {
    name,
    title,
    unit,
    form: numberForm({ name, unit, range }),
    value: requestedValue(name, { schema, request }),
  };
}

/** The value that was sent, or the default of its schema; null without either. */
export function requestedValue(name: string, { schema, request }: Omit<Asked, 'seen'>): Json {
  const given = Object.hasOwn(request, name) ? request[name] : propertyOf(name, schema)?.['default'];
  return given ?? null;
}

interface FieldTexts {
  readonly title: string;
  readonly unit: string | null;
}

/** How the JSON Schema of a request names a field; without it, its name as people write it. */
export function fieldTexts(name: string, schema: JsonObject): FieldTexts {
  const property = propertyOf(name, schema);
  return { title: textIn(property, 'title') ?? titleOf(name), unit: textIn(property, 'unit') ?? null };
}

function propertyOf(name: string, schema: JsonObject): JsonObject | undefined {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** A nullable field may have its title and unit within the union. */
function textIn(property: JsonObject | undefined, key: string): string | undefined {
  const variants = Array.isArray(property?.['anyOf']) ? (property['anyOf'] as readonly JsonObject[]) : [];
  return [property, ...variants].map((each) => each?.[key]).find((text) => typeof text === 'string');
}
