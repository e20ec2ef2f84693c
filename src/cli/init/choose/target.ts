import { PlatformError } from '../../../kernel/errors.ts';
import { formatNames } from '../../../kernel/format-names.ts';
import { type InferredColumn, isChoice, isIdentifier, isNumeric, isReadable, isUnnamed } from '../column.ts';
import { columnNamed } from './column-named.ts';
import { formatValues } from './format-values.ts';
import { isCalendarPart } from './day-parts.ts';
import type { InferredTable } from '../infer.ts';
import type { Candidate, Question } from './question.ts';
import {
  isAttribute,
  isCoordinate,
  isNamedTarget,
  isOftenTarget,
  isPrice,
  saysNothing,
  tellingRank,
} from './telling-names.ts';

const fewestRows = 50;
/** A last column of fewer different whole numbers may be a class. */
const fewNumbers = 10;
/** Of the classes that a column of text may have, if it is named as the target. */
const mostClasses = 100;

/** The target if the file leaves no doubt, else the question. */
export type TargetChoice =
  | {
      readonly target: InferredColumn;
      /** Columns that could have been meant instead, the likeliest first; undefined where the caller named it. */
      readonly others?: readonly Candidate[];
      readonly question?: undefined;
    }
  | { readonly target?: undefined; readonly question: Question };

/**
 * @param named by the caller
 * @throws PlatformError DATA_INVALID for too few lines and for a target that cannot be predicted, CONFIG_INVALID for a name
 *   of no column
 */
export function chooseTarget({ columns, rows }: InferredTable, file: string, named?: string): TargetChoice {
  if (rows < fewestRows)
    throw bad(
      `rows of ${file}`,
      rows,
      `${file} has ${rows} ${rows === 1 ? 'row' : 'rows'}; at least ${fewestRows} are needed to tell a model from chance.`,
    );
  if (named !== undefined) {
    const target = columnNamed(named, columns, { file, option: '--target' });
    checkTarget(target, file);
    return { target };
  }
  const candidates = columns.filter(canBeTarget);
  if (candidates.length === 0) throw noTarget(columns, file);
  // A delimiter at the end of every line makes a column without a name and values.
  const last = columns.findLast((column) => column.type !== undefined || !isUnnamed(column));
  const meant = meantBy(columns, last);
  const [only] = meant;
  if (only && meant.length === 1) return found(only, columns);
  const reason =
    meant.length > 1
      ? `${formatNames(meant.map(quoted))} may ${meant.length > 2 ? 'all' : 'both'} be meant`
      : doubtOf(last);
  if (reason === undefined && last) return found(last, columns);
  return { question: targetQuestion(columns, reason ?? '') };
}

function found(target: InferredColumn, columns: readonly InferredColumn[]): TargetChoice {
  return { target, others: targetCandidates(columns).filter(({ value }) => value !== target.name) };
}

/** The columns whose names say that they are the target, of which one is the last if that could be meant as well. */
function meantBy(
  columns: readonly InferredColumn[],
  last: InferredColumn | undefined,
): readonly InferredColumn[] {
  const candidates = columns.filter(canBeTarget);
  const rank = (column: InferredColumn): number => tellingRank(column, columns);
  const named = candidates.filter((column) => isNamedTarget(column, columns));
  const end = last && candidates.includes(last) ? last : undefined;
  if (named.length > 0) {
    const isMeant = end && (rank(end) > 0 || (named.every(isPrice) && looksLikeClass(end)));
    return isMeant ? [...new Set([...named, end])] : named;
  }
  // Dates, ids and text at the end are a question of their own.
  if (!end || (rank(end) === 0 && doubtOf(end) !== undefined)) return [];
  const others = candidates.filter((column) => column !== end && rank(column) >= Math.max(1, rank(end)));
  const best = Math.max(...others.map(rank));
  return others.length > 0 ? [end, ...others.filter((column) => rank(column) === best)] : [];
}

/** Whether the last column may be what a price helps to predict, such as whether a thing was sold. */
function looksLikeClass(column: InferredColumn): boolean {
  const isFew = isNumeric(column) && column.type === 'integer' && column.distinct <= fewNumbers;
  return (!isNumeric(column) || isFew) && !isAttribute(column);
}

/** Why the last column may not be the one that is meant. */
function doubtOf(last: InferredColumn | undefined): string | undefined {
  if (!last) return 'there are no columns';
  const name = `the last column, ${quoted(last)},`;
  if (last.type === undefined) return `${name} has no values`;
  if (!isReadable(last)) return `${name} has no name that code can use`;
  if (last.distinct === 1) return `${name} has the same value on every line`;
  if (last.type === 'date' || last.type === 'timestamp') return `${name} holds dates`;
  if (isIdentifier(last)) return `${name} looks like an id`;
  if (!canBeTarget(last)) return `${name} holds text`;
  if (isCalendarPart(last)) return `${name} looks like a part of a date`;
  if (isOftenTarget(last)) return undefined;
  if (isCoordinate(last)) return `${name} looks like a coordinate`;
  if (!isNumeric(last))
    return `${name} holds ${last.type === 'boolean' ? 'yes and no' : 'words'}, so it may be a class or a feature`;
  if (last.type === 'integer' && last.distinct <= fewNumbers)
    return `${name} has only ${last.distinct} different numbers, so it may be a class or a feature`;
  if (last.missing > last.filled) return `${name} is mostly empty`;
  if (last.commonest > 0.5 * last.filled) return `${name} has the same value on most lines`;
  return saysNothing(last) ? `${name} has a name that does not say whether it is meant` : undefined;
}

/** Whether it can be predicted without being named. */
function canBeTarget(column: InferredColumn): boolean {
  return (
    isReadable(column) &&
    (isNumeric(column) || column.type === 'boolean' || isChoice(column)) &&
    column.distinct > 1 &&
    column.filled >= fewestRows &&
    !isIdentifier(column) &&
    !column.isClock
  );
}

/** Columns that can be predicted, the likeliest first. */
export function targetCandidates(columns: readonly InferredColumn[]): readonly Candidate[] {
  const score = (column: InferredColumn): number =>
    tellingRank(column, columns) * 2 + Number(column === columns.at(-1));
  return columns
    .filter(canBeTarget)
    .toReversed()
    .toSorted((one, other) => score(other) - score(one))
    .map((column) => ({ value: column.name, hint: formatValues(column) }));
}

function targetQuestion(columns: readonly InferredColumn[], reason: string): Question {
  return {
    about: 'target',
    flag: '--target',
    text: 'Which column is to be predicted?',
    reason,
    candidates: targetCandidates(columns),
  };
}

/** @throws PlatformError DATA_INVALID with what is wrong with it */
function checkTarget(target: InferredColumn, file: string): void {
  const field = `column "${target.name}" of ${file}`;
  if (target.oddField)
    throw bad(
      `${field}, line ${target.oddField.line}`,
      target.oddField.text,
      'More than one in twenty of its cells is not a number: correct them, or name the words that mean a missing value with --missing.',
    );
  if (target.distinct === 1)
    throw bad(
      field,
      target.examples[0],
      'It has the same value on every line, so there is nothing to predict: name a column that varies with --target.',
    );
  if (target.filled < fewestRows)
    throw bad(
      field,
      `${target.filled} values`,
      `At least ${fewestRows} values are needed: add rows, or choose another column with --target.`,
    );
  if (!isNumeric(target) && target.type !== 'boolean' && !canBeClasses(target))
    throw bad(
      field,
      formatValues(target),
      `A number, yes and no, or text with ${mostClasses} different values at most, each on several lines, can be predicted: name another column with --target.`,
    );
}

export function canBeClasses(column: InferredColumn): boolean {
  return (
    isChoice(column) ||
    (column.type === 'string' && column.distinct <= mostClasses && column.filled >= 5 * column.distinct)
  );
}

function noTarget(columns: readonly InferredColumn[], file: string): PlatformError {
  const same = columns.findLast(({ distinct, filled }) => distinct === 1 && filled > 0);
  return bad(
    `columns of ${file}`,
    columns.map(({ name }) => name),
    `Give a column to predict: numbers, yes and no, or text with few different values${same ? `; "${same.name}" has the same value on every line` : ''}.`,
  );
}

function quoted({ name }: InferredColumn): string {
  return `"${name}"`;
}

function bad(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
