/** 'a, b and c' */
export function formatList(items: readonly string[]): string {
  return [...(items.length > 2 ? [items.slice(0, -2).join(', ')] : []), items.slice(-2).join(' and ')].join(
    ', ',
  );
}
