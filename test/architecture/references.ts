import { parseSync } from 'vite';

/** One place where a module names another: an import, a re-export, or an address made from `import.meta.url`. */
export interface Reference {
  /** As written: './model.ts', 'zod'. */
  readonly target: string;
  /** Whether nothing of it is left when the types are taken out. */
  readonly typeOnly: boolean;
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

/**
 * Every reference in a module's text: static, dynamic and type imports, re-exports, `import.meta.resolve`, `require`,
 * and calls that take `import.meta.url` beside a path, such as `new URL` and `siblingEntry`. The text is parsed, so a
 * string or a comment that looks like an import is ignored. `import { type T }` counts as a value: the import stays.
 * @throws Error for a text that does not parse.
 */
export function referencesIn(text: string, file: string): readonly Reference[] {
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message ?? ''}`);
  return nodesUnder(program).flatMap(referencesOf);
}

function nodesUnder(value: unknown): readonly Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesUnder);
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(nodesUnder);
  return isNode(value) ? [value, ...below] : below;
}

function referencesOf(node: Node): readonly Reference[] {
  switch (node.type) {
    case 'ImportDeclaration':
      return named(node['source'], node['importKind'] === 'type');
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return named(node['source'], node['exportKind'] === 'type');
    case 'ImportExpression':
      return named(node['source'], false);
    case 'TSImportType':
      return named(node['source'], true);
    case 'CallExpression':
    case 'NewExpression':
      return calledWith(node);
    default:
      return [];
  }
}

function calledWith(node: Node): readonly Reference[] {
  const given = Array.isArray(node['arguments']) ? node['arguments'] : [];
  const isAddress = given.some(isOwnUrl) || resolves(node['callee']);
  return isAddress ? given.flatMap((one) => named(one, false)) : [];
}

/** `import.meta.url`. */
function isOwnUrl(value: unknown): boolean {
  return memberOf(value, 'url', 'MetaProperty');
}

/** `import.meta.resolve` or `require`. */
function resolves(callee: unknown): boolean {
  return memberOf(callee, 'resolve', 'MetaProperty') || (isNode(callee) && callee['name'] === 'require');
}

function memberOf(value: unknown, name: string, object: string): boolean {
  if (!isNode(value) || value.type !== 'MemberExpression') return false;
  const { object: owner, property } = value;
  return isNode(owner) && owner.type === object && isNode(property) && property['name'] === name;
}

/** A literal names a module; so does a template without a hole. */
function named(value: unknown, typeOnly: boolean): readonly Reference[] {
  if (!isNode(value)) return [];
  if (value.type === 'Literal' && typeof value['value'] === 'string')
    return [{ target: value['value'], typeOnly }];
  const parts = value.type === 'TemplateLiteral' ? value['quasis'] : undefined;
  if (!Array.isArray(parts) || parts.length !== 1 || !isNode(parts[0])) return [];
  const text = parts[0]['value'];
  const target = typeof text === 'object' && text !== null && 'cooked' in text ? text.cooked : undefined;
  return typeof target === 'string' ? [{ target, typeOnly }] : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
