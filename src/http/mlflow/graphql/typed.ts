import type { Json } from '../../../kernel/json.ts';
import { type Document, fieldsOf, type Selection } from './document.ts';
import type { Types } from './types.ts';

/** The value of a member that a response lacks, as protobuf reads an unset field. */
const unset: Readonly<Record<string, Json>> = {
  String: '',
  Long: '0',
  Float: 0,
  Boolean: false,
  Name: null,
  ApiError: null,
};

/** The value of an absent member of type `type`. */
export function unsetValue(type: string): Json {
  if (type.startsWith('[')) return [];
  return Object.hasOwn(unset, type) ? (unset[type] ?? null) : {};
}

/** 'MlflowRun' for '[MlflowRun]' and for 'MlflowRun'. */
export function itemType(type: string): string {
  return type.replace(/^\[(.*)\]$/, '$1');
}

/** The type of a field; undefined if the type has no such field. */
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
 * Why selections do not match the type.
 * @param shown the type's name in a message: a mutation has the fields of a query
 * @returns GraphQL's message, or undefined if they match
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
