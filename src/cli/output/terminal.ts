/** Where a command writes: results to `out`, everything else to `err`, so that a pipe gets only results. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Whether a person reads along, so that lines may be redrawn. */
  readonly interactive: boolean;
  /** Whether a person can answer a question. @default false */
  readonly canAsk?: boolean;
  /** @default whether it is interactive */
  readonly colour?: boolean;
  /** Whether only results and errors are written. @default false */
  readonly quiet?: boolean;
  /** @default 80 */
  readonly columns: number;
}

/** Colours follow https://no-color.org; text for a pipe or a file has none. */
export function processTerminal(env: NodeJS.ProcessEnv): Terminal {
  const isDumb = Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  const interactive = process.stderr.isTTY === true && env['CI'] === undefined && env['TERM'] !== 'dumb';
  const paintsOut = process.stdout.isTTY === true && !isDumb;
  return {
    out: (text) => void process.stdout.write(`${paintsOut ? text : plain(text)}\n`),
    err: (text) => void process.stderr.write(text),
    interactive,
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    colour: interactive && !isDumb,
    columns: widthOf(process.stderr),
  };
}

/** A pseudo-terminal that nobody has sized has 0 columns. */
export function widthOf({ columns }: { readonly columns?: number }): number {
  return columns !== undefined && columns > 0 ? columns : 80;
}

const codes = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

/** The text in a colour, where a person looks at it. */
export function paint(
  text: string,
  colour: keyof typeof codes,
  { interactive, colour: isColoured = interactive }: Pick<Terminal, 'interactive' | 'colour'>,
): string {
  return isColoured ? `\u001B[${codes[colour]}m${text}\u001B[0m` : text;
}

const painted = new RegExp(String.raw`\u001B\[\d+m`, 'g');

function plain(text: string): string {
  return text.replaceAll(painted, '');
}
