/** Where a command writes: results on `out`, what happens on `err`, so that a pipe gets results alone. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person looks: lines may be drawn again in place, and in colour. */
  readonly interactive: boolean;
  /** @default 80 */
  readonly columns: number;
}

export function processTerminal(env: NodeJS.ProcessEnv): Terminal {
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb',
    columns: process.stderr.columns ?? 80,
  };
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** The text in a colour, where a person looks at it. */
export function paint(
  text: string,
  colour: keyof typeof codes,
  { interactive }: Pick<Terminal, 'interactive'>,
): string {
  return interactive ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text;
}
