/** What an answer is made of: undefined members are left out, bigints become numbers, NaN the text "NaN". */
export type WireValue =
  | string
  | number
  | bigint
  | boolean
  | undefined
  | readonly WireValue[]
  | { readonly [key: string]: WireValue };
export type WireObject = { readonly [key: string]: WireValue };

const integerMark = '\u0000integer:';
/** A member or an item that is null; within a text the quote before the colon has a backslash of its own. */
const nullMember = /(?<!\\)(?:\\\\)*":null|[[,]null[,\]]/;
const markedInteger = /"\\u0000integer:(-?\d+)"/g;

/**
 * The text of an answer as MLflow's protobuf writes it: unset fields left out, int64 as numbers, and "NaN", "Infinity"
 * and "-Infinity" as texts, so that it is always valid JSON.
 */
export function wireText(value: WireObject): string {
  const plain = plainText(value);
  return plain === undefined || nullMember.test(plain) ? carefulText(value) : plain;
}

/** Undefined where a bigint stands in the way. A number that is not finite came out as null. */
function plainText(value: WireObject): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function carefulText(value: WireObject): string {
  const text = JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return `${integerMark}${part}`;
    if (typeof part === 'number' && !Number.isFinite(part)) return String(part);
    return part ?? undefined;
  });
  return text.replaceAll(markedInteger, '$1');
}
