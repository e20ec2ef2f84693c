/** A blank at which a line must not be broken. */
const unbrokenBlank = '\uE000';

/**
 * A flag with these values as a shell takes it, all of them: '--without casual,registered', or a flag for each where a name
 * needs quotes. A note is never broken within it.
 */
export function flagText(flag: string, values: readonly string[]): string {
  const flags = values.every((value) => isPlain.test(value))
    ? [`${flag} ${values.join(',')}`]
    : values.map((value) => `${flag}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`);
  return flags.join(' ').replaceAll(' ', unbrokenBlank);
}

/** The text with the blanks that `flagText` keeps together. */
export function withBlanks(text: string): string {
  return text.replaceAll(unbrokenBlank, ' ');
}

const isPlain = /^[\p{L}\p{N}_][\p{L}\p{N}_.:=+-]*$/u;

function shellWord(text: string): string {
  return isPlain.test(text) || /^-[\d.]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
