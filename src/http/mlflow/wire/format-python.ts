import { isLexeme, type Lexed } from './lexemes.ts';

/** The name of a value's Python type, for MLflow's messages. */
export function pythonType(value: Lexed | undefined): string {
  if (value === undefined || value === null) return 'NoneType';
  if (typeof value === 'string') return 'str';
  if (typeof value === 'boolean') return 'bool';
  if (isLexeme(value)) return /^-?\d+$/.test(value.lexeme) ? 'int' : 'float';
  return value instanceof Map ? 'dict' : 'list';
}

/**
 * A value as Python's `json.dumps(value, sort_keys=True, separators=(',', ':'))` writes it.
 * @param most characters after which the rest may be left out: a body has megabytes, and a message a few lines
 */
export function pythonJson(value: Lexed | undefined, most = Infinity): string {
  const written: string[] = [];
  writeJson(value, { written, left: most });
  return written.join('');
}

interface Writing {
  readonly written: string[];
  left: number;
}

function writeJson(value: Lexed | undefined, to: Writing): void {
  if (to.left < 0) return;
  if (value === undefined || value === null) return write('null', to);
  if (typeof value === 'string') return write(asciiJson(value.slice(0, to.left + 1)), to);
  if (typeof value === 'boolean') return write(String(value), to);
  if (isLexeme(value)) return write(value.lexeme, to);
  if (value instanceof Map) {
    write('{', to);
    const names = [...value.keys()].toSorted((a, b) => (a < b ? -1 : 1));
    for (const [index, name] of names.entries()) {
      write(`${index === 0 ? '' : ','}${asciiJson(name.slice(0, Math.max(0, to.left + 1)))}:`, to);
      writeJson(value.get(name), to);
    }
    return write('}', to);
  }
  write('[', to);
  for (const [index, item] of (value as readonly Lexed[]).entries()) {
    if (index > 0) write(',', to);
    writeJson(item, to);
  }
  write(']', to);
}

function write(text: string, to: Writing): void {
  if (to.left >= 0) to.written.push(text);
  to.left -= text.length;
}

/** A number as Python writes a float: `1.0`, not `1`. */
export function pythonFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** A value of JSON as Python's `repr` writes it: `[{'a': None}]`. */
export function pythonValue(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return pythonQuoted(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) return `[${value.map(pythonValue).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return 'None';
  return `{${Object.entries(value)
    .map(([name, member]) => `${pythonQuoted(name)}: ${pythonValue(member)}`)
    .join(', ')}}`;
}

/** A text as Python's `repr` quotes it: with `'`, or with `"` where only that needs no escape. */
export function pythonQuoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
