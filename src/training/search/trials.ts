import type { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import type { Range, SearchMethod } from '../../project/models/search.ts';
import type { TrainerOptions } from '../../project/models/trainer.ts';
import { wholeOptions } from '../../project/models/trainer-options.ts';

/** A search as declared in the project, over options by name. */
export interface SearchPlan {
  readonly trials?: number;
  readonly minutes?: number;
  readonly method?: SearchMethod;
  readonly space: Readonly<Record<string, Range | undefined>>;
  readonly parallel?: number;
  readonly ensemble?: number;
  readonly seed?: number;
}

/** The options that a search draws, each from a position between 0 and 1 in its range. */
export interface SearchSpace<Options extends TrainerOptions = TrainerOptions> {
  /** In the order of their names. */
  readonly names: readonly string[];
  /** @param positions one for each name */
  optionsAt(positions: readonly number[]): Options;
  /** The inverse: the middle of the positions that give these options. */
  positionsOf(options: Options): readonly number[];
}

/**
 * The space of a search. Whole numbers of a range are equally likely.
 * @param defaults the trainer's options, for those that the space does not have
 * @param schema of the options; integer options are drawn as whole numbers
 * @throws PlatformError PROJECT_INVALID for an invalid range, and for drawn options that the schema refuses
 */
export function searchSpace<Options extends TrainerOptions>(
  defaults: Options,
  space: SearchPlan['space'],
  schema: z.ZodObject,
): SearchSpace<Options> {
  const whole = wholeOptions(schema);
  const dimensions = Object.entries(space)
    .flatMap(([name, range]) => (range ? [{ name, range: checkedRange(name, range, schema) }] : []))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, range }) => ({ name, scale: scaleOf(range, whole.has(name)) }));
  return {
    names: dimensions.map(({ name }) => name),
    optionsAt(positions) {
      const drawn = dimensions.map(
        ({ name, scale }, index) => [name, scale.at(positions[index] ?? 0)] as const,
      );
      return checkedOptions({ ...defaults, ...Object.fromEntries(drawn) }, schema);
    },
    positionsOf: (options) => dimensions.map(({ name, scale }) => scale.positionOf(Number(options[name]))),
  };
}

/** @throws PlatformError PROJECT_INVALID for no budget, and for one that is not a whole number of trials or some minutes */
export function checkBudget({ trials, minutes }: Pick<SearchPlan, 'trials' | 'minutes'>): void {
  const refuse = (field: string, value: unknown, remedy: string): never => {
    throw new PlatformError('PROJECT_INVALID', { field, value, remedy });
  };
  if (trials === undefined && minutes === undefined)
    refuse('search trials', trials, 'must be a whole number of at least 1, or give minutes');
  if (trials !== undefined && !(Number.isInteger(trials) && trials >= 1))
    refuse('search trials', trials, 'must be a whole number of at least 1');
  if (minutes !== undefined && !(minutes > 0)) refuse('search minutes', minutes, 'must be above 0');
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

interface Scale {
  readonly at: (position: number) => number;
  readonly positionOf: (value: number) => number;
}

/** For whole numbers the range is half a step wider on both sides and rounded, so that the ends are equally likely. */
function scaleOf([from, to, scale]: Range, whole: boolean): Scale {
  const reach = whole ? 0.5 : 0;
  const [low, high] = whole ? [Math.ceil(from), Math.floor(to)] : [from, to];
  const [start, end] = [low - reach, high + reach];
  const isLog = scale === 'log';
  const [first, last] = isLog ? [Math.log(start), Math.log(end)] : [start, end];
  return {
    at(position) {
      const between = first + position * (last - first);
      const value = isLog ? Math.exp(between) : between;
      return Math.min(high, Math.max(low, whole ? Math.round(value) : value));
    },
    positionOf(value) {
      const position = ((isLog ? Math.log(value) : value) - first) / (last - first);
      return Number.isFinite(position) ? Math.min(1, Math.max(0, position)) : 0.5;
    },
  };
}
