import type { InferredColumn } from '../column.ts';
import type { ModelChoice } from './choose-model.ts';
import { isCalendarPart } from './day-parts.ts';
import type { Sample } from './leaks.ts';

type Predicted = Pick<ModelChoice, 'target' | 'kind'>;

/** How a feature alone explains the target of every line: '"alive" alone says what "survived" is'. Undefined if it does not. */
export function explains(
  column: InferredColumn,
  { target, kind }: Predicted,
  sample: Sample,
): string | undefined {
  const alone = `"${column.name}" alone says what "${target.name}" is`;
  if (kind === 'number') {
    // A year rises with much that is no copy of it.
    if (isCalendarPart(column)) return undefined;
    if (isNumber(column) && inStep(sample.numbers(column), sample.numbers(target))) return alone;
    return mayBeBand(column) && isBand(sample.texts(column), sample.numbers(target))
      ? `each value of "${column.name}" is a range of "${target.name}"`
      : undefined;
  }
  const classes = sample.texts(target);
  // A number that has a border between the classes: marks that decide who has passed.
  if (
    isNumber(column) &&
    column.distinct > 2 * target.distinct &&
    hasBorders(sample.numbers(column), classes)
  )
    return alone;
  const texts = sample.texts(column);
  if (column.distinct <= 2 * target.distinct && mapsOneToOne(texts, classes)) return alone;
  if (column.distinct <= mostValues && mapsTo(texts, classes)) return alone;
  const filled = texts.map((text) => (text === '' ? 'blank' : 'filled'));
  return column.nullable && mapsTo(filled, classes) && mapsOneToOne(filled, classes)
    ? `whether "${column.name}" is filled in says what "${target.name}" is`
    : undefined;
}

const isNumber = ({ numbers }: InferredColumn): boolean => numbers !== undefined;

/** Of a column whose values may each have one class, or a range of the target. */
const mostValues = 50;

/** Of the lines that must have a value for a leak to be one. */
const enough = 0.5;
/** For a value of a feature, and for all classes but the commonest: with fewer lines it may be chance. */
const fewestLines = 10;

function mayBeBand({ type, distinct }: InferredColumn): boolean {
  return (
    (type === 'string' || type === 'boolean' || type === 'integer') && distinct > 1 && distinct <= mostValues
  );
}

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

/** Whether each value has one class only, as the reason of a cancellation has, on so many lines that it is no chance. */
function mapsTo(feature: readonly string[], target: readonly string[]): boolean {
  const classOf = new Map<string, string>();
  const counts = new Map<string, number>();
  let count = 0;
  for (const [line, value] of feature.entries()) {
    const other = target[line] ?? '';
    if (value === '' || other === '') continue;
    count += 1;
    if ((classOf.get(value) ?? other) !== other) return false;
    classOf.set(value, other);
    counts.set(other, (counts.get(other) ?? 0) + 1);
  }
  const rare = count - Math.max(...counts.values());
  return count >= enough * target.length && rare >= fewestLines && count >= fewestLines * classOf.size;
}

/** Whether the lines, sorted by the number, are sorted by class. */
function hasBorders(feature: Float64Array, target: readonly string[]): boolean {
  const lines = sortedLines(feature, target);
  if (lines.length < enough * target.length) return false;
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

/** Of the target's range: where kinds differ by nature there is a gap between them. */
const widestBorder = 0.05;

/**
 * Whether the values cut the target into ranges that touch, as low, middle and high prices do. A value whose lines all have
 * the same number is no range: nothing is sold on a day when the shop is closed, and that is known before.
 */
function isBand(feature: readonly string[], target: Float64Array): boolean {
  if (!hasBorders(target, feature)) return false;
  const lines = sortedLines(target, feature);
  const first = new Map<string, number>();
  const ranges = new Set<string>();
  for (const line of lines) {
    const [value, number] = [feature[line] ?? '', target[line] ?? NaN];
    if ((first.get(value) ?? number) !== number) ranges.add(value);
    else first.set(value, number);
  }
  if (ranges.size < first.size) return false;
  if (lines.length < fewestLines * new Set(feature).size) return false;
  const at = (line: number | undefined): number => target[line ?? 0] ?? NaN;
  const widest = widestBorder * (at(lines.at(-1)) - at(lines[0]));
  return lines.every((line, index) => {
    const before = lines[index - 1];
    return before === undefined || feature[before] === feature[line] || at(line) - at(before) <= widest;
  });
}

function sortedLines(numbers: Float64Array, texts: readonly string[]): readonly number[] {
  return [...numbers.keys()]
    .filter((line) => !Number.isNaN(numbers[line] ?? NaN) && texts[line] !== '')
    .sort((one, other) => (numbers[one] ?? 0) - (numbers[other] ?? 0));
}
