import type { Json } from '../../../kernel/json.ts';
import { type Document, fieldsOf, type Selection } from './document.ts';
import type { Types } from './types.ts';

/** What a member is that an answer does not have, as protobuf reads a field that was never set. */
const unset: Readonly<Record<string, Json>> = {
  String: '',
  Long: '0',
  Float: 0,
  Boolean: false,
  Name: null,
  ApiError: null,
};

/** The value of a member of type `type` that is absent. */
export function unsetValue(type: string): Json {
  if (type.startsWith('[')) return [];
  return Object.hasOwn(unset, type) ? (unset[type] ?? null) : {};
}

/** 'MlflowRun' of '[MlflowRun]' and of itself. */
export function itemType(type: string): string {
  return type.replace(/^\[(.*)\]$/, '$1');
}

/** The type of a field, undefined for one that the type does not have. */
export function fieldType(types: Types, type: string, field: string): string | undefined {
  if (field === '__typename') return 'String';
  const fields = Object.hasOwn(types, type) ? types[type] : undefined;
  return fields && Object.hasOwn(fields, field) ? fields[field] : undefined;
}

interface Checked {
  readonly types: Types;
  readonly fragments: Document['fragments'];
}

/**
 * Why the selections do not fit the type.
 * @param shown the type's name in a message: a mutation has the fields of a query
 * @returns the message of GraphQL, or undefined where they fit
 */
export function misfit(
  selections: readonly Selection[],
  { type, name = type }: { readonly type: string; readonly name?: string },
  { types, fragments }: Checked,
): string | undefined {
  for (const field of fieldsOf(selections, fragments)) {
    const found = fieldType(types, type, field.name);
    if (found === undefined) return `Cannot query field '${field.name}' on type '${name}'.`;
    const inner = itemType(found);
    const hasFields = Object.hasOwn(types, inner);
    const reason = hasFields
      ? field.selections.length === 0
        ? `Field '${field.name}' of type '${found}' must have a selection of subfields.`
        : misfit(field.selections, { type: inner }, { types, fragments })
      : field.selections.length > 0
        ? `Field '${field.name}' must not have a selection since type '${found}' has no subfields.`
        : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}
