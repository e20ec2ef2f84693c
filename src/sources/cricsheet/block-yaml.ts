/** A document of mappings, lists and text. The values of a repeated key become a list. */
export type Tree = string | null | readonly Tree[] | { readonly [key: string]: Tree };

type Mapping = Record<string, Tree>;

/** Thrown and caught in this file: the text needs the full YAML reader. */
const otherStyle = new Error('another style of YAML');

/**
 * Reads the plain block style in which cricsheet writes YAML, several times faster than a full YAML reader: block mappings
 * and lists, and one-line scalars. All scalars stay text, because the ball 0.10 is not the ball 0.1.
 * @returns undefined for a text in any other style
 */
export function readBlockYaml(text: string): Tree | undefined {
  if (/[\t\r]/.test(text)) return undefined;
  try {
    const lines = linesOf(text);
    if (lines.indents.length === 0) return undefined;
    const tree = readBlock(lines, lines.indents[0] ?? 0);
    return lines.next === lines.indents.length ? tree : undefined;
  } catch (cause) {
    if (cause === otherStyle) return undefined;
    throw cause;
  }
}

interface Lines {
  readonly indents: number[];
  /** Without its indent. A list item loses its dash when it is read. */
  readonly contents: string[];
  next: number;
}

function linesOf(text: string): Lines {
  const lines: Lines = { indents: [], contents: [], next: 0 };
  let start = text.startsWith('---\n') ? '---\n'.length : 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline;
    let first = start;
    while (text.charCodeAt(first) === space) first++;
    if (first < end) {
      lines.indents.push(first - start);
      lines.contents.push(text.slice(first, end));
    }
    start = end + 1;
  }
  return lines;
}

const space = 0x20;

function readBlock(lines: Lines, indent: number): Tree {
  return isItem(lines.contents[lines.next]) ? readList(lines, indent) : readMapping(lines, indent);
}

function isItem(content: string | undefined): boolean {
  return content !== undefined && (content.startsWith('- ') || content === '-');
}

function readList(lines: Lines, indent: number): readonly Tree[] {
  const items: Tree[] = [];
  for (; lines.indents[lines.next] === indent;) {
    const content = lines.contents[lines.next] ?? '';
    if (!isItem(content)) break;
    const rest = content.slice(1).trimStart();
    if (rest === '' || isItem(rest)) throw otherStyle;
    if (keyEnd(rest) < 0) {
      items.push(readScalar(rest));
      lines.next++;
      continue;
    }
    const inner = indent + content.length - rest.length;
    lines.indents[lines.next] = inner;
    lines.contents[lines.next] = rest;
    items.push(readMapping(lines, inner));
  }
  return items;
}

function readMapping(lines: Lines, indent: number): Mapping {
  const mapping: Mapping = {};
  for (; lines.indents[lines.next] === indent;) {
    const content = lines.contents[lines.next] ?? '';
    if (isItem(content)) break;
    const end = keyEnd(content);
    if (end < 0 || unplain.test(content)) throw otherStyle;
    const key = content.slice(0, end);
    const rest = content.slice(end + 1).trim();
    lines.next++;
    addTo(mapping, key, rest === '' ? readNested(lines, indent) : readScalar(rest));
  }
  if ((lines.indents[lines.next] ?? 0) > indent) throw otherStyle;
  return mapping;
}

/** The value below a key: deeper lines, or a list whose dashes are at the key's indent. */
function readNested(lines: Lines, indent: number): Tree {
  const below = lines.indents[lines.next] ?? -1;
  if (below > indent || (below === indent && isItem(lines.contents[lines.next])))
    return readBlock(lines, below);
  return null;
}

/** Adds a value under a key. A repeated key becomes a list. */
export function addTo(mapping: Mapping, key: string, value: Tree): void {
  if (!Object.hasOwn(mapping, key)) {
    if (key === '__proto__') throw otherStyle;
    mapping[key] = value;
    return;
  }
  const first = mapping[key] ?? null;
  mapping[key] = [...(Array.isArray(first) ? (first as readonly Tree[]) : [first]), value];
}

/** Where a key ends: at a colon before a space or the end of the line. */
function keyEnd(content: string): number {
  for (let at = content.indexOf(':'); at >= 0; at = content.indexOf(':', at + 1))
    if (at === content.length - 1 || content.charCodeAt(at + 1) === space) return at;
  return -1;
}

/** A first character that makes a scalar anything but plain, a comment, or a document's end. */
const unplain = /^[[\]{}&*!|>%@`"'#,?]|^-(?:$| )|^(?:---|\.\.\.)|\s#/;

function readScalar(text: string): string | null {
  const quoted = /^'((?:[^']|'')*)'$/.exec(text)?.[1] ?? /^"([^"\\]*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (unplain.test(text) || keyEnd(text) >= 0) throw otherStyle;
  const plain = text.trimEnd();
  return plain === '~' || plain === 'null' ? null : plain;
}
