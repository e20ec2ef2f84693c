/** A value of a project file for people, which can be anything: 'a function', '1.5', '{"max":"Infinity"}'. */
export function formatGiven(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return (
      JSON.stringify(value, (_key, part: unknown) => (isLost(part) ? String(part) : part)) ?? typeof value
    );
  } catch {
    return 'an object that has itself inside';
  }
}

/** JSON writes these as null or nothing. */
function isLost(part: unknown): boolean {
  return typeof part === 'number'
    ? !Number.isFinite(part)
    : !['string', 'boolean', 'object'].includes(typeof part);
}
