/**
 * A name of code as people write it. Abbreviations keep their capitals.
 * @example titleOf('runsInTheLastFiveOvers') // 'Runs in the last five overs'
 * @example titleOf('country_USA') // 'Country USA'
 */
export function titleOf(name: string): string {
  const [first = '', ...others] = partsOf(name);
  return [isCapitalized(first) || /^[a-z\d]*$/.test(first) ? capitalized(first) : first, ...others]
    .filter((part) => part !== '')
    .join(' ');
}

const longestAbbreviation = 3;

function partsOf(name: string): readonly string[] {
  const parts = name
    .replaceAll(/[_-]+/g, ' ')
    .replaceAll(/(?<=[a-z\d])(?=[A-Z][a-z])|(?<=[a-z\d]{2})(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .trim()
    .split(/\s+/);
  // ENGINE_SIZE shouts, and USA is an abbreviation.
  if (!/[a-z]/.test(name) && name.length > longestAbbreviation)
    return parts.map((part) => part.toLowerCase());
  return parts.map((part) => (isCapitalized(part) ? part.toLowerCase() : part));
}

function isCapitalized(part: string): boolean {
  return /^[A-Z][a-z\d]+$/.test(part);
}

function capitalized(part: string): string {
  return part.charAt(0).toUpperCase() + part.slice(1);
}
