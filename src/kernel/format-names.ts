/** A message stays readable with the names of a table that has thousands of columns. */
const mostNames = 20;

/** 'size, garden, price', or the first 20 names 'and 980 more'. */
export function formatNames(names: readonly string[]): string {
  const first = names.slice(0, mostNames).join(', ');
  return names.length > mostNames ? `${first} and ${names.length - mostNames} more` : first;
}
