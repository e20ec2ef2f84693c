import { formatCause } from '../../../kernel/errors.ts';
import type { Json, JsonObject } from '../../../kernel/json.ts';
import { type Document, type FieldSelection, fieldsOf, type Operation, valueOf } from './document.ts';
import { overLimit } from './limits.ts';
import { GraphqlSyntaxError, parseGraphql } from './parse.ts';
import { fieldType, itemType, misfit, unsetValue } from './typed.ts';
import type { Types } from './types.ts';

export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: JsonObject | undefined;
}

/** MLflow's response: errors as texts, null if there are none. */
export interface GraphqlResponse {
  readonly data: JsonObject | null;
  readonly errors: readonly string[] | null;
}

/** A member that is fetched only if a query selects it. */
export type Lazy = () => Promise<ResolvedValue>;
export type ResolvedValue =
  | Json
  | Lazy
  | readonly ResolvedValue[]
  | { readonly [name: string]: ResolvedValue };

/** The root fields of queries and mutations. A failure becomes an error of that field, by its message. */
export interface Roots {
  readonly [field: string]: (input: JsonObject) => Promise<ResolvedValue>;
}

/** The schema and its resolvers. `types` has `Query`, the type of the root fields. */
export interface Schema {
  readonly types: Types;
  readonly roots: Roots;
}

/**
 * Runs one operation of a request. Responses of root fields are reduced to the selection; a selected member that a response
 * lacks gets the empty value of its type.
 */
export async function executeGraphql(request: GraphqlRequest, schema: Schema): Promise<GraphqlResponse> {
  const document = documentOf(request.query);
  if (typeof document === 'string') return failed(document);
  const reason = overLimit(document);
  if (reason !== undefined) return failed(reason);
  const operation = chosen(document, request.operationName);
  if (!operation) return failed(noOperation(request.operationName));
  const typeName = operation.type === 'query' ? 'Query' : 'Mutation';
  const { fragments } = document;
  const wrong = misfit(operation.selections, { type: 'Query', name: typeName }, { ...schema, fragments });
  if (wrong !== undefined) return failed(wrong);
  return runFields(fieldsOf(operation.selections, fragments), {
    ...schema,
    fragments,
    typeName,
    variables: variablesOf(operation, request.variables),
  });
}

function noOperation(name: string | undefined): string {
  return name
    ? `Unknown operation named '${name}'.`
    : 'Must provide operation name if query contains multiple operations.';
}

function documentOf(query: string): Document | string {
  try {
    return parseGraphql(query);
  } catch (error) {
    if (error instanceof GraphqlSyntaxError) return error.message;
    throw error;
  }
}

function chosen({ operations }: Document, name: string | undefined): Operation | undefined {
  if (name) return operations.find((operation) => operation.name === name);
  return operations.length === 1 ? operations[0] : undefined;
}

function variablesOf({ defaults }: Operation, given: JsonObject = {}): ReadonlyMap<string, Json> {
  const none = new Map<string, Json>();
  const byDefault = [...defaults].map(([name, value]): [string, Json] => [name, valueOf(value, none)]);
  return new Map([...byDefault, ...Object.entries(given)]);
}

interface Running extends Schema {
  readonly fragments: Document['fragments'];
  readonly typeName: string;
  readonly variables: ReadonlyMap<string, Json>;
}

async function runFields(fields: readonly FieldSelection[], running: Running): Promise<GraphqlResponse> {
  const data: Record<string, Json> = {};
  const errors: string[] = [];
  for (const field of fields) {
    const key = field.alias ?? field.name;
    try {
      data[key] = await runField(field, running);
    } catch (error) {
      data[key] = null;
      errors.push(formatCause(error));
    }
  }
  return { data, errors: errors.length > 0 ? errors : null };
}

async function runField(field: FieldSelection, running: Running): Promise<Json> {
  const { roots, types, typeName, variables } = running;
  const root = Object.hasOwn(roots, field.name) ? roots[field.name] : undefined;
  if (!root) return typeName;
  const given = [...field.arguments].map(([name, value]): [string, Json] => [
    name,
    valueOf(value, variables),
  ]);
  const type = fieldType(types, 'Query', field.name) ?? 'String';
  return select(await root(Object.fromEntries(given)), { ...running, field, type });
}

interface Selected extends Pick<Running, 'types' | 'fragments'> {
  readonly field: FieldSelection;
  /** For a value or a list of values. */
  readonly type: string;
}

async function select(response: ResolvedValue, selected: Selected): Promise<Json> {
  const value = typeof response === 'function' ? await response() : response;
  if (value === null || typeof value !== 'object') return value as Json;
  const type = itemType(selected.type);
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value as readonly ResolvedValue[])
      items.push(await select(item, { ...selected, type }));
    return items;
  }
  return members(value as { readonly [name: string]: ResolvedValue }, { ...selected, type });
}

async function members(
  value: { readonly [name: string]: ResolvedValue },
  { field, fragments, types, type }: Selected,
): Promise<JsonObject> {
  const data: Record<string, Json> = {};
  for (const member of fieldsOf(field.selections, fragments)) {
    const key = member.alias ?? member.name;
    if (member.name === '__typename') {
      data[key] = type;
      continue;
    }
    const inner = fieldType(types, type, member.name) ?? 'String';
    const found = Object.hasOwn(value, member.name) ? value[member.name] : undefined;
    data[key] = await select(found === undefined ? unsetValue(inner) : found, {
      field: member,
      fragments,
      types,
      type: inner,
    });
  }
  return data;
}

function failed(message: string): GraphqlResponse {
  return { data: null, errors: [message] };
}
