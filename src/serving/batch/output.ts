import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';

/** What became of a row: its prediction, or the reason why it has none. */
export type RowOutcome = { readonly prediction: Prediction } | { readonly reason: string };

/** How the output is written: like the file, in UTF-8. */
interface OutputFormat {
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  /** Whether it begins with a byte order mark, without which Excel does not read UTF-8. */
  readonly mark: boolean;
}

/** The columns after those of the file. A name that the file has already gets a number: 'prediction 2'. */
export function predictionColumns(header: readonly string[], target: Target): readonly string[] {
  const names = new Set(header.map((name) => name.trim()));
  return [...valueColumns(target), 'version', 'error'].map((name) => {
    let free = name;
    for (let number = 2; names.has(free); number++) free = `${name} ${number}`;
    names.add(free);
    return free;
  });
}

function valueColumns(target: Target): readonly string[] {
  switch (target.kind) {
    case 'number':
      return ['prediction', 'low', 'high'];
    case 'boolean':
      return ['prediction', 'probability', 'probability true'];
    case 'class':
      return ['prediction', 'probability', ...target.classes.map((name) => `probability ${name}`)];
  }
}

/** The cells of these columns. */
export function predictionCells(
  outcome: RowOutcome,
  {
    target,
    version,
    decimal,
  }: { readonly target: Target; readonly version: number } & Pick<OutputFormat, 'decimal'>,
): readonly string[] {
  const blank = valueColumns(target).map(() => '');
  if ('reason' in outcome) return [...blank, String(version), outcome.reason];
  const number = (value: number): string => String(value).replace('.', decimal);
  return [...valueCells(outcome.prediction, target, number), String(version), ''];
}

function valueCells(
  prediction: Prediction,
  target: Target,
  number: (value: number) => string,
): readonly string[] {
  if (prediction.kind === 'number') {
    const { value, interval } = prediction;
    return [number(value), interval ? number(interval.low) : '', interval ? number(interval.high) : ''];
  }
  if (prediction.kind === 'forecast') return [];
  const { value, probability, probabilities } = prediction;
  const classes = target.kind === 'class' ? target.classes : ['true'];
  const of = (name: string): string => number(probabilities[name] ?? 0);
  return [String(value), number(probability), ...classes.map(of)];
}

/** A spreadsheet that expects another delimiter splits a cell there, and would run what follows. */
const formulaAfterDelimiter = /[,;\t|]\s*[=+\-@]/;

/** One line of the output, with its end. */
export function formatLine(cells: readonly string[], { delimiter }: Pick<OutputFormat, 'delimiter'>): string {
  const isPlain = (cell: string): boolean =>
    !/["\r\n]/.test(cell) && !cell.includes(delimiter) && !formulaAfterDelimiter.test(cell);
  return `${cells.map((cell) => (isPlain(cell) ? cell : `"${cell.replaceAll('"', '""')}"`)).join(delimiter)}\n`;
}

/**
 * A text that a spreadsheet could take for a formula, with an apostrophe before it; numbers stay as they are.
 * @example inertCell('=1+1', isNumber) // "'=1+1"
 */
export function inertCell(cell: string, isNumber: (cell: string) => boolean): string {
  const isSuspect = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) || /^[\t\r\n]/.test(cell);
  return isSuspect && cell.trim() !== '-' && !isNumber(cell.trim()) ? `'${cell}` : cell;
}
