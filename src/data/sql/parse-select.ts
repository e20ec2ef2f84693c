import type { DuckDBConnection } from '@duckdb/node-api';
import type { Json } from '../../kernel/json.ts';
import { at, SelectFault } from './select-fault.ts';

export interface ParsedSelect {
  /** Without comments and in one style, so that only a change of meaning changes a key. */
  readonly text: string;
  /** Whether the whole result has an ORDER BY. */
  readonly isOrdered: boolean;
  /** The names of `$name` in it. */
  readonly params: readonly string[];
}

type Node = Readonly<Record<string, Json>>;

interface Serialized {
  readonly error: boolean;
  readonly error_message?: string;
  readonly position?: string;
  readonly statements?: readonly { readonly node: Node }[];
}

/** @throws SelectFault unless it is one SELECT that gives the same rows each time */
export async function parseSelect(text: string, connection: DuckDBConnection): Promise<ParsedSelect> {
  const parsed = JSON.parse(await one('json_serialize_sql($text::VARCHAR)', text, connection)) as Serialized;
  if (parsed.error) {
    const message = parsed.error_message ?? 'it cannot be parsed';
    const offset = parsed.position === undefined ? undefined : Number(parsed.position);
    throw new SelectFault(message.startsWith('Only SELECT') ? oneSelect : at(text, offset, message));
  }
  const [statement, another] = parsed.statements ?? [];
  if (!statement || another) throw new SelectFault(oneSelect);
  const nodes = [...nodesOf(statement.node)];
  await refuse(nodes, text, connection);
  const modifiers = (statement.node['modifiers'] ?? []) as readonly Node[];
  return {
    text: await one('json_deserialize_sql(json_serialize_sql($text::VARCHAR))', text, connection),
    isOrdered: modifiers.some(({ type }) => type === 'ORDER_MODIFIER'),
    params: [
      ...new Set(
        nodes.filter(({ type }) => type === 'VALUE_PARAMETER').map((node) => textIn(node, 'identifier')),
      ),
    ],
  };
}

const oneSelect = 'must be one SELECT';

async function one(expression: string, text: string, connection: DuckDBConnection): Promise<string> {
  const reader = await connection.runAndReadAll(`SELECT ${expression}`, { text });
  const [value] = reader.getRowsJS()[0] ?? [];
  return typeof value === 'string' ? value : '';
}

function* nodesOf(value: Json): Generator<Node> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Node;
  for (const member of Object.values(value)) yield* nodesOf(member as Json);
}

const tableFunctions = new Set(['range', 'generate_series', 'unnest', 'repeat']);
const clocks = new Set([
  'current_date',
  'current_time',
  'current_timestamp',
  'localtime',
  'localtimestamp',
  'today',
]);

/** What gives other rows each time, or looks outside of the inputs. */
async function refuse(nodes: readonly Node[], text: string, connection: DuckDBConnection): Promise<void> {
  const volatile = await volatileFunctions(connection);
  for (const node of nodes) {
    const offset = Number(textIn(node, 'query_location'));
    const fault = (message: string): SelectFault => new SelectFault(at(text, offset, message));
    const name = textIn(node, 'function_name').toLowerCase();
    if (node['type'] === 'SHOW_REF') throw fault(oneSelect);
    if (node['type'] === 'TABLE_FUNCTION') {
      const called = textIn(node['function'] as Node, 'function_name');
      if (!tableFunctions.has(called.toLowerCase()))
        throw fault(`${called}() is not allowed: a SELECT reads the inputs of its step`);
    }
    if (volatile.has(name)) throw fault(`${name}() is not allowed: the same inputs must give the same rows`);
    if (node['sample']) throw fault('a sample differs each time: select by hash(id) % 10 = 0');
    const columns = node['class'] === 'COLUMN_REF' ? ((node['column_names'] ?? []) as readonly string[]) : [];
    const [column = ''] = columns;
    if (columns.length === 1 && clocks.has(column.toLowerCase()))
      throw fault(
        `${column} is not allowed: the same inputs must give the same rows; pass a date as a param`,
      );
  }
}

async function volatileFunctions(connection: DuckDBConnection): Promise<ReadonlySet<string>> {
  const reader = await connection.runAndReadAll(
    `SELECT DISTINCT function_name FROM duckdb_functions() WHERE stability <> 'CONSISTENT' AND function_name <> 'error'`,
  );
  return new Set([
    ...reader.getRowsJS().flatMap(([name]) => (typeof name === 'string' ? [name] : [])),
    'getvariable',
    'getenv',
    'current_setting',
  ]);
}

function textIn(node: Node, key: string): string {
  const value = node[key];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
