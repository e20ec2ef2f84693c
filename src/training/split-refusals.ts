import { PlatformError } from '../kernel/errors.ts';
import type { Split } from '../project/models/split.ts';
import type { ColumnValue } from './row-numbers.ts';
import type { Subset } from './subsets.ts';

export function hasNoTarget(rows: number): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: 'target',
    value: `missing in all ${rows} rows`,
    remedy:
      'Only rows with a target can train and test: name another target, or mend the step that makes the rows.',
  });
}

export function isEmpty(subset: Subset, split: Split): PlatformError {
  const unit = split.group === undefined ? 'rows' : 'groups';
  const shorterGap = split.gap === undefined ? '' : `, or a gap shorter than ${split.gap}`;
  return new PlatformError('SPLIT_REFUSED', {
    field: `the ${subset} subset`,
    value: 'empty',
    remedy:
      subset === 'test'
        ? `Move the split: ${JSON.stringify(split.test)} leaves no rows to test on.`
        : `Give more ${unit}, or a smaller test or validation part${shorterGap}: each subset needs one of the ${unit} at least.`,
  });
}

/** A subset of the first fit of a walk-forward split. */
export function startsTooEarly({ by, test }: Split, first: string): PlatformError {
  const from = typeof test === 'number' ? test : test.from;
  return new PlatformError('SPLIT_REFUSED', {
    field: 'split test.from',
    value: from,
    remedy: `The model is trained for ${first} with the rows before it, and there are too few: move \`from\` to a later ${by}.`,
  });
}

export function isOneTime({ by, group }: Split, count: number): PlatformError {
  return new PlatformError('SPLIT_REFUSED', {
    field: `column ${by}`,
    value: `one value for all ${count} ${group === undefined ? 'rows' : 'groups'}`,
    remedy:
      'The latest rows test, and no row is later than another: name a column of times, or split by `group` alone.',
  });
}

/** @param tests how many are after the nearest boundary, of `count` */
export function isFarFromAsked({ by, group, test }: Split, tests: number, count: number): PlatformError {
  const unit = group === undefined ? 'rows' : 'groups';
  return new PlatformError('SPLIT_REFUSED', {
    field: `column ${by}`,
    value: `the nearest boundary between two values has ${tests} of ${count} ${unit} after it`,
    remedy: `A test share of ${test as number} cannot be reached without dividing ${unit} of one time: name a column with more distinct times, or the first value that tests, such as \`test: { from: … }\`.`,
  });
}

/** @param from where the tests of earlier versions began */
export function isBeforeTests({ by, group }: Split, from: string | number): PlatformError {
  const unit = group === undefined ? 'rows' : 'groups';
  return new PlatformError('SPLIT_REFUSED', {
    field: `column ${by}`,
    value: `no ${unit} from ${from} on, where earlier versions were tested`,
    remedy: `A test of earlier ${unit} would be of those that earlier versions learned from: give later ${unit}, or say where the test begins, such as \`test: { from: … }\`.`,
  });
}

export function isInTwoSubsets(name: string, value: ColumnValue): PlatformError {
  return new PlatformError('SPLIT_REFUSED', {
    field: `group ${name}`,
    value,
    remedy: `Its rows would both train and test, which flatters the model. Start the test between two groups, give test as a share, or choose another group column.`,
  });
}

export function isNoTime(column: string, row: number, value: ColumnValue): PlatformError {
  return new PlatformError('SPLIT_REFUSED', {
    field: `column ${column}, row ${row}`,
    value,
    remedy: `The order of texts is only that of time for ISO dates and times such as 2026-01-31 or 2026-01-31T18:00:00Z; an id is no order. Name a column of times or numbers, or split by \`group\` alone.`,
  });
}

/** A gap or a refit over a column of numbers. */
export function needsTimes(option: string, { by }: Split): PlatformError {
  return new PlatformError('PROJECT_INVALID', {
    field: `split ${option}`,
    value: `over the numbers of ${by}`,
    remedy: `needs a column of dates or times: \`by\` must name one, or leave \`${option}\` out`,
  });
}
