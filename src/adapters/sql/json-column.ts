const marker = '~number';
const notFinite: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity']);

/**
 * A value as the text of a JSON column. Unlike plain JSON it keeps NaN and the infinities: a metric can be any of them,
 * and a verdict must stand beside the facts that it was made from.
 */
export function toColumn(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'number' && !Number.isFinite(part) ? { [marker]: String(part) } : part,
  );
}

/** The value that `toColumn` wrote. The caller names the type that was written. */
export function fromColumn<Value>(text: string): Value {
  return JSON.parse(text, (_key, part: unknown) => (isMarked(part) ? Number(part[marker]) : part)) as Value;
}

function isMarked(part: unknown): part is { readonly [marker]: string } {
  if (part === null || typeof part !== 'object' || !(marker in part)) return false;
  return typeof part[marker] === 'string' && notFinite.has(part[marker]);
}
