import type { Json, JsonObject } from '../../../kernel/json.ts';
import { type Document, type FieldSelection, fieldsOf, type Operation, valueOf } from './document.ts';
import { overLimit } from './limits.ts';
import { GraphqlSyntaxError, parseGraphql } from './parse.ts';

export interface GraphqlRequest {
  readonly query: string;
  readonly operationName?: string | undefined;
  readonly variables?: JsonObject | undefined;
}

/** As MLflow answers: errors as texts, null where there are none. */
export interface GraphqlAnswer {
  readonly data: JsonObject | null;
  readonly errors: readonly string[] | null;
}

/** A member of an answer that is fetched only where a query asks for it. */
export type Lazy = () => Promise<Answered>;
export type Answered = Json | Lazy | readonly Answered[] | { readonly [name: string]: Answered };

/** The root fields of queries and mutations. A failure becomes an error of that field, by its message. */
export interface Roots {
  readonly [field: string]: (input: JsonObject) => Promise<Answered>;
}

/**
 * Runs one operation of a request. The answers of the roots are cut to what the query selects; a member that an answer does
 * not have is null.
 */
export async function executeGraphql(request: GraphqlRequest, roots: Roots): Promise<GraphqlAnswer> {
  const document = documentOf(request.query);
  if (typeof document === 'string') return failed(document);
  const reason = overLimit(document);
  if (reason !== undefined) return failed(reason);
  const operation = chosen(document, request.operationName);
  if (!operation) return failed('Must provide operation name if query contains multiple operations.');
  const fields = fieldsOf(operation.selections, document.fragments);
  const unknown = fields.find(({ name }) => name !== '__typename' && !Object.hasOwn(roots, name));
  const typeName = operation.type === 'query' ? 'Query' : 'Mutation';
  if (unknown) return failed(`Cannot query field '${unknown.name}' on type '${typeName}'.`);
  return runFields(fields, {
    document,
    roots,
    typeName,
    variables: variablesOf(operation, request.variables),
  });
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

interface Running {
  readonly document: Document;
  readonly roots: Roots;
  readonly typeName: string;
  readonly variables: ReadonlyMap<string, Json>;
}

async function runFields(fields: readonly FieldSelection[], running: Running): Promise<GraphqlAnswer> {
  const data: Record<string, Json> = {};
  const errors: string[] = [];
  for (const field of fields) {
    const key = field.alias ?? field.name;
    try {
      data[key] = await runField(field, running);
    } catch (error) {
      data[key] = null;
      errors.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { data, errors: errors.length > 0 ? errors : null };
}

async function runField(
  field: FieldSelection,
  { document, roots, typeName, variables }: Running,
): Promise<Json> {
  const root = Object.hasOwn(roots, field.name) ? roots[field.name] : undefined;
  if (!root) return typeName;
  const given = [...field.arguments].map(([name, value]): [string, Json] => [
    name,
    valueOf(value, variables),
  ]);
  return select(await root(Object.fromEntries(given)), { field, fragments: document.fragments });
}

interface Selected {
  readonly field: FieldSelection;
  readonly fragments: Document['fragments'];
}

async function select(answer: Answered | undefined, selected: Selected): Promise<Json> {
  const value = typeof answer === 'function' ? await answer() : answer;
  if (value === undefined || value === null || typeof value !== 'object') return (value ?? null) as Json;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value as readonly Answered[]) items.push(await select(item, selected));
    return items;
  }
  return members(value as { readonly [name: string]: Answered }, selected);
}

async function members(
  value: { readonly [name: string]: Answered },
  { field, fragments }: Selected,
): Promise<JsonObject> {
  const data: Record<string, Json> = {};
  for (const member of fieldsOf(field.selections, fragments)) {
    const key = member.alias ?? member.name;
    if (member.name === '__typename') data[key] = typeNameOf(field.name);
    else
      data[key] = await select(Object.hasOwn(value, member.name) ? value[member.name] : null, {
        field: member,
        fragments,
      });
  }
  return data;
}

/** 'MlflowRun' of `run` and of `runs`; 'MlflowGetRunResponse' of a root field. */
function typeNameOf(field: string): string {
  const capital = field.charAt(0).toUpperCase() + field.slice(1);
  if (field.startsWith('mlflow')) return `${capital}Response`;
  return `Mlflow${capital.replace(/(?<!s)s$/, '')}`;
}

function failed(message: string): GraphqlAnswer {
  return { data: null, errors: [message] };
}
