import type { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import { type Random, seededRandom } from '../kernel/random.ts';
import type { Range } from '../project/search.ts';
import type { TrainerOptions } from '../project/trainer.ts';
import { wholeOptions } from '../project/trainer-options.ts';

/** A search as declared in the project, over options by name. */
export interface SearchPlan {
  readonly trials: number;
  readonly space: Readonly<Record<string, Range | undefined>>;
  readonly seed?: number;
}

/**
 * The options of each trial. The first trial uses the trainer's own options; the others replace the options of the space by
 * values drawn from their ranges. Whole numbers of a range are equally likely. The same plan gives the same trials, in
 * whatever order its options are written.
 * @param defaults the trainer's options
 * @param schema of the options; integer options are drawn as whole numbers
 * @throws PlatformError PROJECT_INVALID for no trials, for an invalid range, and for drawn options that the schema refuses
 */
export function trialOptions<Options extends TrainerOptions>(
  defaults: Options,
  plan: SearchPlan,
  schema: z.ZodObject,
): readonly Options[] {
  if (!(Number.isInteger(plan.trials) && plan.trials >= 1)) {
    const remedy = 'must be a whole number of at least 1';
    throw new PlatformError('PROJECT_INVALID', { field: 'search trials', value: plan.trials, remedy });
  }
  const ranges = Object.entries(plan.space)
    .flatMap(([name, range]) => (range ? [{ name, range: checkedRange(name, range, schema) }] : []))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const whole = wholeOptions(schema);
  const random = seededRandom(plan.seed ?? 0);
  return Array.from({ length: plan.trials }, (_, index) => {
    if (index === 0) return defaults;
    const drawn = ranges.map(({ name, range }) => [name, drawFrom(range, whole.has(name), random)] as const);
    return checkedOptions({ ...defaults, ...Object.fromEntries(drawn) }, schema);
  });
}

/**
 * The trial with the lowest loss, the earliest among equals.
 * @throws PlatformError DATA_INVALID where no trial has a finite loss
 */
export function bestTrial<Trial extends { readonly loss: number }>(trials: readonly Trial[]): Trial {
  const finite = trials.filter(({ loss }) => Number.isFinite(loss));
  const [first, ...others] = finite;
  if (first) return others.reduce((best, trial) => (trial.loss < best.loss ? trial : best), first);
  throw new PlatformError('DATA_INVALID', {
    field: 'search',
    value: trials.map(({ loss }) => String(loss)),
    remedy: 'No trial could be measured on the validation rows: check their target.',
  });
}

function checkedRange(name: string, range: Range, { shape }: z.ZodObject): Range {
  const [from, to, scale] = range;
  const refuse = (remedy: string): never => {
    throw new PlatformError('PROJECT_INVALID', { field: `search space ${name}`, value: range, remedy });
  };
  if (!Object.hasOwn(shape, name)) return refuse(`The trainer takes ${Object.keys(shape).join(', ')}.`);
  if (!(Number.isFinite(from) && Number.isFinite(to) && from <= to))
    return refuse('Give two numbers, the lower first.');
  if (scale === 'log' && from <= 0) return refuse('A range on the log scale starts above 0.');
  return range;
}

/** Options can be valid one by one and invalid together, or between the ends of a range. */
function checkedOptions<Options extends TrainerOptions>(options: Options, schema: z.ZodObject): Options {
  const parsed = schema.safeParse(options);
  if (parsed.success) return options;
  const [issue] = parsed.error.issues;
  throw new PlatformError('PROJECT_INVALID', {
    field: ['search space', ...(issue?.path ?? [])].join(' '),
    value: issue?.path.length === 1 ? options[String(issue.path[0])] : options,
    remedy: `A trial drew options that the trainer refuses (${issue?.message}): give ranges whose values it takes.`,
  });
}

/** Draws from a range that is half a step wider on both sides and rounds, so that the ends are equally likely. */
function drawFrom([from, to, scale]: Range, whole: boolean, random: Random): number {
  const reach = whole ? 0.5 : 0;
  const [low, high] = whole ? [Math.ceil(from), Math.floor(to)] : [from, to];
  const [start, end] = [low - reach, high + reach];
  const value =
    scale === 'log'
      ? Math.exp(Math.log(start) + random() * (Math.log(end) - Math.log(start)))
      : start + random() * (end - start);
  return Math.min(high, Math.max(low, whole ? Math.round(value) : value));
}
