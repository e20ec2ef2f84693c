import type { Kind } from '../../../project/models/kind.ts';
import type { InferredColumn } from '../column.ts';
import { formulaOf } from './formula.ts';

/** Features that give the target away. */
export interface Leak {
  readonly columns: readonly InferredColumn[];
  /** '"casual" + "registered" is "cnt"' */
  readonly message: string;
}

/** The values of some lines, by column. */
export interface Sample {
  readonly rows: number;
  /** NaN for a missing value. */
  numbers(column: InferredColumn): Float64Array;
  texts(column: InferredColumn): readonly string[];
}

interface Given {
  readonly target: InferredColumn;
  readonly kind: Kind;
  readonly features: readonly InferredColumn[];
}

/** Finds features that alone explain the target of every line, and numbers that add up to it. */
export function findLeaks({ target, kind, features }: Given, sample: Sample): readonly Leak[] {
  const copies = features
    .filter((column) => explains(column, { target, kind }, sample))
    .map((column) => ({
      columns: [column],
      message: `"${column.name}" alone says what "${target.name}" is`,
    }));
  if (kind !== 'number') return copies;
  const others = features.filter((column) => !copies.some(({ columns }) => columns.includes(column)));
  const formula = formulaOf(target, others, sample);
  return formula ? [...copies, formula] : copies;
}

const isNumber = ({ numbers }: InferredColumn): boolean => numbers !== undefined;

function explains(
  column: InferredColumn,
  { target, kind }: Pick<Given, 'target' | 'kind'>,
  sample: Sample,
): boolean {
  if (kind === 'number') return isNumber(column) && inStep(sample.numbers(column), sample.numbers(target));
  const classes = sample.texts(target);
  // A number that has a border between the classes: marks that decide who has passed.
  if (isNumber(column) && column.distinct > 2 * target.distinct)
    return hasBorders(sample.numbers(column), classes);
  return column.distinct <= 2 * target.distinct && mapsOneToOne(sample.texts(column), classes);
}

/** Of the lines that must have a value for a leak to be one. */
const enough = 0.5;

/** Whether one rises or falls with the other and never otherwise, as a copy in another unit does. */
function inStep(feature: Float64Array, target: Float64Array): boolean {
  const lines = [...feature.keys()].filter(
    (line) => !Number.isNaN((feature[line] ?? NaN) + (target[line] ?? NaN)),
  );
  if (lines.length < enough * target.length) return false;
  const x = (line: number | undefined): number => feature[line ?? 0] ?? NaN;
  const y = (line: number | undefined): number => target[line ?? 0] ?? NaN;
  lines.sort((one, other) => x(one) - x(other) || y(one) - y(other));
  const direction = Math.sign(y(lines.at(-1)) - y(lines[0]));
  if (direction === 0) return false;
  for (let at = 1; at < lines.length; at++) {
    const [dx, dy] = [x(lines[at]) - x(lines[at - 1]), (y(lines[at]) - y(lines[at - 1])) * direction];
    if (dx === 0 ? dy !== 0 : dy <= 0) return false;
  }
  return true;
}

function mapsOneToOne(feature: readonly string[], target: readonly string[]): boolean {
  const [forward, back] = [new Map<string, string>(), new Map<string, string>()];
  let count = 0;
  for (const [line, value] of feature.entries()) {
    const other = target[line] ?? '';
    if (value === '' || other === '') continue;
    count += 1;
    if ((forward.get(value) ?? other) !== other || (back.get(other) ?? value) !== value) return false;
    forward.set(value, other);
    back.set(other, value);
  }
  return count >= enough * target.length && forward.size > 1;
}

/** Whether the lines, sorted by the number, are sorted by class. */
function hasBorders(feature: Float64Array, target: readonly string[]): boolean {
  const lines = [...feature.keys()].filter(
    (line) => !Number.isNaN(feature[line] ?? NaN) && target[line] !== '',
  );
  if (lines.length < enough * target.length) return false;
  lines.sort((one, other) => (feature[one] ?? 0) - (feature[other] ?? 0));
  const done = new Set<string>();
  let [current, last] = ['', NaN];
  for (const line of lines) {
    const [name, value] = [target[line] ?? '', feature[line] ?? NaN];
    if (name !== current) {
      if (value === last || done.has(name)) return false;
      done.add(current);
    }
    [current, last] = [name, value];
  }
  return done.size > 1;
}
