const marker = '~number';
const notFinite: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * A value as the text of a JSON column. Unlike plain JSON it preserves NaN and the infinities: metrics and the facts of
 * verdicts can contain them.
 */
export function toColumn(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { [marker]: String(part) } : part,
  );
}

/** Reads a value that `toColumn` wrote. The caller names its type. */
export function fromColumn<Value>(text: string): Value {
  return JSON.parse(text, (_key, part: unknown) => (isMarked(part) ? Number(part[marker]) : part)) as Value;
}

function isMarked(part: unknown): part is { readonly [marker]: string } {
  if (part === null || typeof part !== 'object' || !(marker in part)) return false;
  return typeof part[marker] === 'string' && notFinite.has(part[marker]);
}
