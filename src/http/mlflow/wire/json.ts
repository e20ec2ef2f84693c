/** The values of a response: undefined members are left out, bigints become numbers, NaN the text "NaN". */
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
/** Matches a null member or item; inside a text, the quote before the colon is escaped. */
const nullMember = /(?<!\\)(?:\\\\)*":null|[[,]null[,\]]/;
const markedInteger = /"\\u0000integer:(-?\d+)"/g;

/**
 * The text of a response in MLflow's protobuf JSON: unset fields left out, int64 as numbers, and "NaN", "Infinity" and
 * "-Infinity" as texts, so that it is always valid JSON.
 */
export function wireText(value: WireObject): string {
  const plain = plainText(value);
  return plain === undefined || nullMember.test(plain) ? carefulText(value) : plain;
}

/** Undefined if there is a bigint. A number that is not finite becomes null. */
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
