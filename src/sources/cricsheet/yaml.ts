import { isMap, isScalar, isSeq, parseDocument, type ParsedNode } from 'yaml';
import { PlatformError } from '../../kernel/errors.ts';
import { addTo, readBlockYaml, type Tree } from './block-yaml.ts';

/**
 * Reads YAML into text: no scalar becomes a number or a date, and a repeated key keeps all its values.
 * @throws PlatformError DATA_INVALID naming the file and the line
 */
export function readYaml(text: string, file: string): Tree {
  return readBlockYaml(text) ?? readAnyYaml(text, file);
}

/** As `readYaml`, but always with the full YAML reader: slow, for every style. Refuses aliases and tags. */
export function readAnyYaml(text: string, file: string): Tree {
  const document = parseDocument(text, {
    schema: 'failsafe',
    uniqueKeys: false,
    logLevel: 'error',
    prettyErrors: true,
  });
  const [fault] = document.errors;
  if (fault) throw unreadable(file, fault.message.split('\n')[0] ?? fault.code);
  return treeOf(document.contents, file);
}

function treeOf(node: ParsedNode | null, file: string): Tree {
  if (node === null) return null;
  if (isScalar(node)) return textOf(node);
  if (isSeq<ParsedNode>(node)) return node.items.map((item) => treeOf(item, file));
  if (!isMap<ParsedNode, ParsedNode | null>(node)) throw unreadable(file, 'an alias');
  const mapping: Record<string, Tree> = {};
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? String(key.value) : '';
    if (name === '' || name === '__proto__') throw unreadable(file, 'an invalid key');
    addTo(mapping, name, treeOf(value, file));
  }
  return mapping;
}

function textOf({
  type,
  value,
}: {
  readonly type?: string | undefined;
  readonly value: unknown;
}): string | null {
  const text = typeof value === 'string' ? value : '';
  return type === 'PLAIN' && (text === '' || text === '~' || text === 'null') ? null : text;
}

function unreadable(file: string, value: string): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: file,
    value,
    remedy: 'Not the YAML that cricsheet writes; fetch the file again, or remove it from the source.',
  });
}
