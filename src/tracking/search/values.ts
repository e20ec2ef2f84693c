import type { SearchGrammar, Subject } from './grammar.ts';
import type { SearchToken } from './tokens.ts';

/** What stands on the right of a comparator: one value, or the tokens between the parentheses of a list. */
export type Written = SearchToken | readonly SearchToken[];
/** Raises a sentence as the answer. */
export type Refuse = (reason: string) => never;

const longestList = 10_000;

export function isList(value: Written): value is readonly SearchToken[] {
  return Array.isArray(value);
}

/** @throws what `refuse` throws, for anything but a number */
export function numberValue(
  subject: Subject,
  value: Written,
  { grammar, refuse }: { readonly grammar: SearchGrammar; readonly refuse: Refuse },
): number | bigint {
  const text = isList(value) ? undefined : numberText(value, grammar.takesQuotedNumbers ?? false);
  if (text === undefined) return refuse(numberExpected(subject, value));
  const read = Number(text);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(read) ? BigInt(text) : read;
}

function numberText({ kind, text }: SearchToken, mayBeQuoted: boolean): string | undefined {
  if (kind === 'number') return text;
  const [, , quoted] = /^(['"])\s*(-?\d+(?:\.\d*)?)\s*\1$/.exec(text) ?? [];
  return mayBeQuoted ? quoted : undefined;
}

function numberExpected({ entity, key }: Subject, value: Written): string {
  if (entity === 'metric') return `Expected numeric value type for metric. Found ${quoted(value)}`;
  return `Expected numeric value type for numeric attribute: ${key}. Found ${quoted(value)}`;
}

/** The text between quotes. @throws what `refuse` throws, for anything but a text */
export function textValue(
  subject: Subject,
  value: Written,
  { grammar, refuse }: { readonly grammar: SearchGrammar; readonly refuse: Refuse },
): string {
  if (isList(value)) return refuse(textExpected(subject, value, grammar));
  const { kind, text } = value;
  const isBare = kind === 'number' || (kind === 'identifier' && /^\w+$/.test(text));
  if (isBare && grammar.takesBareTexts) return text;
  if (kind === 'number') return refuse(textExpected(subject, value, grammar));
  if (text.length >= 2 && text.startsWith("'") && text.endsWith("'"))
    return text.slice(1, -1).replaceAll("''", "'");
  if (/^"[^]*"$/.test(text)) return text.slice(1, -1);
  return refuse(
    `Parameter value is either not quoted or unidentified quote types used for string value ${text}. ` +
      'Use either single or double quotes.',
  );
}

function textExpected({ entity }: Subject, value: Written, grammar: SearchGrammar): string {
  const found = `Got value ${quoted(value)}`;
  if (entity === 'param') return `Expected a quoted string value for parameter (e.g. 'my-value'). ${found}`;
  if (entity === 'tag') return `Expected a quoted string value for tag (e.g. 'my-value'). ${found}`;
  if (entity === 'dataset') return `Expected a quoted string value for dataset attributes. ${found}`;
  return `${grammar.textExpected} ${found}`;
}

/** @throws what `refuse` throws, for a list that is empty, ill-formed or not of texts, or where none is taken */
export function listValues(
  { entity, key }: Subject,
  tokens: readonly SearchToken[],
  { grammar, refuse }: { readonly grammar: SearchGrammar; readonly refuse: Refuse },
): readonly string[] {
  const { listAttributes } = grammar;
  if (entity === 'attribute' && listAttributes !== 'all' && !listAttributes.includes(key))
    return refuse("Only the 'run_id' attribute supports comparison with a list of quoted string values.");
  const expected = 'While parsing a list in the query, expected a non-empty list of string values, but got';
  if (tokens.length === 0) return refuse(`${expected} empty list`);
  const items = tokens.filter((_token, index) => index % 2 === 0);
  const commas = tokens.filter((_token, index) => index % 2 === 1);
  if (commas.some(({ text }) => text !== ',') || items.some(({ kind }) => kind === 'mark'))
    return refuse(`${expected} ill-formed list.`);
  if (items.length > longestList) return refuse(`A list may have ${longestList} values at most.`);
  if (items.some(({ kind, text }) => kind !== 'text' && !text.startsWith('"')))
    return refuse(
      'While parsing a list in the query, expected string value, punctuation, or whitespace, ' +
        `but got different type in list: ${quoted(tokens)}`,
    );
  return items.map(({ text }) => text.slice(1, -1));
}

function quoted(value: Written): string {
  if (!isList(value)) return value.text;
  return `(${value.map(({ text }) => (text === ',' ? ', ' : text)).join('')})`;
}
