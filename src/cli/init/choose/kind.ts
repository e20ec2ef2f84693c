import { PlatformError } from '../../../kernel/errors.ts';
import type { Kind } from '../../../project/models/kind.ts';
import { type InferredColumn, isNumeric, kindOf } from '../column.ts';
import { isCalendarPart } from './day-parts.ts';
import type { Question } from './question.ts';
import { namesAmounts, namesClasses } from './telling-names.ts';
import { canBeClasses } from './target.ts';

/** The kinds of `--kind` that a model can have. */
export const targetKinds = { number: 'number', class: 'class', 'yes-no': 'boolean' } as const;
export type TargetKind = keyof typeof targetKinds;

/** Few enough numbers that each can be a class. */
const mostNumbers = 20;
/** Whole numbers that follow each other and are more than these are amounts. */
const mostCodes = 10;
/** Of a class's lines, on average: with fewer, each number is there by chance. */
const fewestOfClass = 5;

export type KindChoice =
  | {
      readonly kind: Kind;
      /** The kind that the target could have as well, where its values do not say. */
      readonly otherKind?: TargetKind | undefined;
      readonly question?: undefined;
    }
  | { readonly kind?: undefined; readonly question: Question };

/** @throws PlatformError CONFIG_INVALID for a kind that the target cannot have */
export function chooseKind(target: InferredColumn, named?: TargetKind): KindChoice {
  if (named !== undefined) return { kind: checkedKind(target, named) };
  const found = kindOf(target) ?? (canBeClasses(target) ? 'class' : 'number');
  if (!isNumeric(target)) return { kind: found };
  if (found !== 'number') return { kind: found, otherKind: 'number' };
  if (!canBeNumberedClasses(target)) return { kind: 'number' };
  if (namesClasses(target) && isCounted(target)) return { kind: 'class', otherKind: 'number' };
  if (!isCounted(target) || namesAmounts(target) || isCalendarPart(target))
    return { kind: 'number', otherKind: 'class' };
  const { least = 0, greatest = 0 } = target.numbers ?? {};
  return {
    question: {
      about: 'kind',
      flag: '--kind',
      text: `Are the values of "${target.name}", ${least} to ${greatest}, amounts or classes?`,
      reason: `"${target.name}" has the values ${least} to ${greatest}, which may be amounts or classes`,
      candidates: [
        { value: 'number', hint: 'amounts: 2 is more than 1' },
        { value: 'class', hint: 'classes: the numbers are only names' },
      ],
    },
  };
}

function canBeNumberedClasses({ type, distinct, filled }: InferredColumn): boolean {
  return type === 'integer' && distinct <= mostNumbers && filled >= fewestOfClass * distinct;
}

/** 0, 1, 2 or 1, 2, 3 or -1, 0, 1. */
function isCounted({ distinct, numbers }: InferredColumn): boolean {
  if (!numbers || distinct > mostCodes) return false;
  return [-1, 0, 1].includes(numbers.least) && numbers.greatest === numbers.least + distinct - 1;
}

function checkedKind(target: InferredColumn, named: TargetKind): Kind {
  const kind = targetKinds[named];
  const canBe: Readonly<Record<Kind, boolean>> = {
    number: isNumeric(target),
    boolean: kindOf(target) === 'boolean',
    class: target.distinct <= mostNumbers || canBeClasses(target),
  };
  if (canBe[kind]) return kind;
  const possible = Object.entries(targetKinds).flatMap(([name, each]) => (canBe[each] ? [name] : []));
  throw new PlatformError('CONFIG_INVALID', {
    field: '--kind',
    value: named,
    remedy: `must be ${possible.join(' or ')} for "${target.name}"`,
  });
}
