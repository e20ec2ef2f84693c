import type { FieldContributionView } from '../api/views.ts';
import type { Json, JsonObject } from '../kernel/json.ts';
import { titleOf } from '../kernel/title.ts';

/** A field of a request in the caller's words. @param schema the version's JSON Schema of a request */
export function requestedField(
  name: string,
  schema: JsonObject,
  request: JsonObject,
): FieldContributionView['fields'][number] {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
  const given: Json | undefined = Object.hasOwn(request, name) ? request[name] : property?.['default'];
  return {
    name,
    title: textIn(property, 'title') ?? titleOf(name),
    unit: textIn(property, 'unit') ?? null,
    value: given ?? null,
  };
}

/** A nullable field may have its unit within the union. */
function textIn(property: JsonObject | undefined, key: string): string | undefined {
  const variants = Array.isArray(property?.['anyOf']) ? (property['anyOf'] as readonly JsonObject[]) : [];
  return [property, ...variants].map((each) => each?.[key]).find((text) => typeof text === 'string');
}
