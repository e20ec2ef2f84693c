/** The text of a CSV file with a header and a line for each index. */
export function csvText(header: string, line: (index: number) => string, rows = 60): string {
  return `${header}\n${Array.from({ length: rows }, (_, index) => line(index)).join('\n')}\n`;
}

/** A date of 2024, a day later for each index. */
export function day(index: number): string {
  return new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);
}
