import { PlatformError } from '../../../kernel/errors.ts';
import type { Kind } from '../../../project/models/kind.ts';
import { type InferredColumn, isNumeric, kindOf } from '../column.ts';
import type { Question } from './question.ts';
import { namesAnything, namesClasses } from './telling-names.ts';
import { canBeClasses } from './target.ts';

/** The kinds of `--kind` that a model can have. */
export const targetKinds = { number: 'number', class: 'class', 'yes-no': 'boolean' } as const;
export type TargetKind = keyof typeof targetKinds;

/** Few enough numbers that each can be a class. */
const mostNumbers = 10;

export type KindChoice =
  | { readonly kind: Kind; readonly question?: undefined }
  | { readonly kind?: undefined; readonly question: Question };

/** @throws PlatformError CONFIG_INVALID for a kind that the target cannot have */
export function chooseKind(target: InferredColumn, named?: TargetKind): KindChoice {
  if (named !== undefined) return { kind: checkedKind(target, named) };
  const found = kindOf(target) ?? (canBeClasses(target) ? 'class' : 'number');
  if (found !== 'number' || !canCountClasses(target)) return { kind: found };
  if (namesClasses(target)) return { kind: 'class' };
  if (!namesAnything(target)) return { kind: 'number' };
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

/** 0, 1, 2 or 1, 2, 3. */
function canCountClasses({ type, distinct, numbers }: InferredColumn): boolean {
  if (type !== 'integer' || !numbers || distinct > mostNumbers) return false;
  return (numbers.least === 0 || numbers.least === 1) && numbers.greatest === numbers.least + distinct - 1;
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
