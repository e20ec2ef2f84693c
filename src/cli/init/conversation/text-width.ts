/** On one line and cut to a width, with an ellipsis. */
export function shortened(text: string, width: number): string {
  const line = text.replaceAll(/\s+/g, ' ');
  if (widthOf(line) <= width) return line;
  let cut = '';
  for (const letter of line) {
    if (widthOf(cut + letter) >= width) break;
    cut += letter;
  }
  return `${cut.trimEnd()}…`;
}

/** Columns of a terminal: those of Chinese and Japanese are two wide. */
export function widthOf(text: string): number {
  let width = 0;
  for (const letter of text)
    width +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/.test(
        letter,
      )
        ? 2
        : 1;
  return width;
}
