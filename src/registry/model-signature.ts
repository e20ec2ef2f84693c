import { parse } from 'yaml';
import type { Json, JsonObject } from '../kernel/json.ts';

/** A column, a tensor or a param of a signature. */
export interface SignatureField {
  /** '' for one without a name. */
  readonly name: string;
  /** 'double', 'array of string', 'tensor of float64 (-1, 3)'. */
  readonly type: string;
  readonly required: boolean;
  /** Of a param; undefined for none. */
  readonly default: string | undefined;
}

/** What a model takes and returns. */
export interface ModelSignature {
  readonly inputs: readonly SignatureField[];
  readonly outputs: readonly SignatureField[];
  /** Of inference. */
  readonly params: readonly SignatureField[];
}

/** Types are nested no deeper in a text for people. */
const deepest = 6;

/**
 * The signature in a file MLmodel, which has each list of fields as JSON text within YAML.
 * @returns undefined for a file without a signature, and for one that cannot be read
 */
export function parseSignature(modelFile: string): ModelSignature | undefined {
  const signature = objectOf(objectOf(yamlIn(modelFile))?.['signature']);
  if (!signature) return undefined;
  return {
    inputs: fieldsIn(signature['inputs']),
    outputs: fieldsIn(signature['outputs']),
    params: fieldsIn(signature['params']),
  };
}

function yamlIn(text: string): Json | undefined {
  try {
    return parse(text, { maxAliasCount: 0 }) as Json;
  } catch {
    return undefined;
  }
}

function fieldsIn(text: Json | undefined): readonly SignatureField[] {
  const list = typeof text === 'string' ? jsonIn(text) : text;
  return Array.isArray(list) ? list.flatMap((each) => fieldOf(objectOf(each))) : [];
}

function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function fieldOf(field: JsonObject | undefined): readonly SignatureField[] {
  if (!field) return [];
  const fallback = field['default'];
  return [
    {
      name: typeof field['name'] === 'string' ? field['name'] : '',
      type: typeOf(field),
      required: field['required'] !== false && fallback === undefined,
      default: fallback === undefined || fallback === null ? undefined : formatJson(fallback),
    },
  ];
}

function typeOf(field: JsonObject, depth = 0): string {
  const type = typeof field['type'] === 'string' ? field['type'] : 'unknown';
  if (depth >= deepest) return '…';
  switch (type) {
    case 'tensor':
      return tensorOf(objectOf(field['tensor-spec']));
    case 'array':
      return `array of ${typeOf(objectOf(field['items']) ?? {}, depth + 1)}`;
    case 'map':
      return `map of ${typeOf(objectOf(field['values']) ?? {}, depth + 1)}`;
    case 'object':
      return objectTypeOf(objectOf(field['properties']) ?? {}, depth);
    default:
      return Array.isArray(field['shape']) ? `array of ${type}` : type;
  }
}

function tensorOf(spec: JsonObject = {}): string {
  const shape = Array.isArray(spec['shape']) ? ` (${spec['shape'].map(formatJson).join(', ')})` : '';
  return `tensor of ${typeof spec['dtype'] === 'string' ? spec['dtype'] : 'unknown'}${shape}`;
}

function objectTypeOf(properties: JsonObject, depth: number): string {
  const members = Object.entries(properties).map(
    ([name, property]) => `${name}: ${typeOf(objectOf(property) ?? {}, depth + 1)}`,
  );
  return `{ ${members.join(', ')} }`;
}

function objectOf(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonObject)
    : undefined;
}

function formatJson(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
