import { titleOf } from '../../../kernel/title.ts';
import { nameParts } from '../column-name.ts';

/** A string as TypeScript writes it, on one line. */
export function literal(text: string): string {
  const double = JSON.stringify(text).replaceAll(/[\u2028\u2029]/g, escaped);
  if (text.includes("'") && !text.includes('"')) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** Text within a comment: whatever it holds, the comment does not end early. */
export function commentText(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('*/', '* /');
}

/** Text within the backticks of a template, where it stands for itself. */
export function templateText(text: string): string {
  return text.replaceAll(/[`$\\]/g, String.raw`\$&`).replaceAll(/[\r\n\u2028\u2029]/g, escaped);
}

/** A line break as code writes it. */
function escaped(letter: string): string {
  return String.raw`\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** A key of an object: bare where it can be. `__proto__` would set the prototype. */
export function key(name: string): string {
  if (name === '__proto__') return "['__proto__']";
  return isName.test(name) ? name : literal(name);
}

/** `row.price`, `row['Sold on']`. */
export function member(object: string, name: string): string {
  return isName.test(name) ? `${object}.${name}` : `${object}[${literal(name)}]`;
}

const isName = /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u;

/** A variable of that meaning: camel case, and none of those that are taken. @param otherwise where no name can be made or had */
export function variable(meaning: string, taken: readonly string[], otherwise: string): string {
  const name = camel(meaning);
  return isName.test(name) && !reserved.has(name) && !taken.includes(name) ? name : otherwise;
}

/** 'soldOn' of 'Sold on', 'orderId' of 'order_ID'. */
export function camel(text: string): string {
  const parts = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const [first = '', ...rest] = parts.map((word) =>
    /^[\p{Lu}\p{N}]+$/u.test(word) ? word.toLowerCase() : word,
  );
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}${rest.map(capital).join('')}`;
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

/** Words of the language that no variable can have, and names that would hide a thing. */
const reserved: ReadonlySet<string> = new Set(
  [
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false',
    'finally for function if implements import in instanceof interface let new null package private protected public return',
    'static super switch this throw true try typeof undefined var void while with yield async of type process console',
  ].flatMap((line) => line.split(' ')),
);

/** A name of a source, step or model, or a file: lower-case letters, digits and hyphens. @param otherwise where nothing is left */
export function slug(text: string, otherwise: string): string {
  const name = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '')
    .slice(0, 40);
  return name === '' ? otherwise : name;
}

/**
 * What a column is called and counted in, by its name: 'Living area' and 'm²' of 'Living_area (m²)'. A range is no unit:
 * 'Satisfaction (1-5)' of 'satisfaction (1-5)'.
 */
export function describe(name: string): { readonly title: string; readonly unit: string | undefined } {
  const { bare, note, unit } = nameParts(name);
  const spaced = bare.replaceAll(/[._\s-]+/g, ' ').trim();
  const title = isFormula.test(bare) ? spaced : titleOf(spaced);
  const range = note !== undefined && unit === undefined ? ` (${note.trim()})` : '';
  return { title: title === '' ? name : `${title}${range}`, unit };
}

/** NOx, C6H6, PT08: capitals and small letters or digits that do not make words. */
const isFormula = /\d[A-Z]|[A-Z]\d|[A-Z]{2}[a-z](?![a-z])/;

/** Items in brackets: on one line where they fit, else a line each. @param room characters before them */
export function list(
  items: readonly string[],
  { open, close, room }: { readonly open: string; readonly close: string; readonly room: number },
): string {
  const gap = open.endsWith('{') ? ' ' : '';
  const line = `${open}${gap}${items.join(', ')}${gap}${close}`;
  return room + line.length <= lineLength
    ? line
    : `${open}\n${items.map((item) => `${indented(item)},\n`).join('')}${close}`;
}

/** Items in brackets: on one line if they fit, else as many to a line as fit. */
export function filledList(
  items: readonly string[],
  { open, close }: { readonly open: string; readonly close: string },
): string {
  const line = `${open}${items.join(', ')}${close}`;
  if (line.length <= lineLength) return line;
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + item.length + 2 < lineLength)
      lines[lines.length - 1] = `${last} ${item},`;
    else lines.push(`  ${item},`);
  }
  return `${open}\n${lines.join('\n')}\n${close}`;
}

const lineLength = 100;

/** Every line two blanks further in. */
export function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
