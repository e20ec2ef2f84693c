import { z } from 'zod';
import { nearestName } from '../../kernel/nearest-name.ts';
import { formatRule, type ValueSchema } from '../../kernel/schema-rule.ts';
import { schemaOfOptions } from './given-options.ts';
import type { Kind } from './kind.ts';
import type { Model } from './model.ts';
import type { Trainer, TrainerDefinition, TrainerOptions } from './trainer.ts';

type Definition = Pick<TrainerDefinition, 'name' | 'learns' | 'trial'> & { readonly options: z.ZodObject };

type Ranges = Parameters<typeof schemaOfOptions>[2];

/** Options that only take whole numbers. */
export function wholeOptions(options: z.ZodObject): ReadonlySet<string> {
  const rules = Object.entries(rulesOf(options));
  return new Set(rules.flatMap(([name, { type }]) => (type === 'integer' ? [name] : [])));
}

/** Mistakes in a model's trainer and search, a sentence each. */
export function trainerProblems({
  trainer,
  search,
  kind,
}: Pick<Model, 'trainer' | 'search'> & { readonly kind: Kind }): readonly string[] {
  const definition = definitionOf(trainer, search?.space);
  const { name, learns, options, trial } = definition;
  return [
    ...(/^[a-z][a-z0-9-]{0,62}$/.test(name)
      ? []
      : [`trainer name ${JSON.stringify(name)}: use lower-case letters, digits and hyphens, a letter first`]),
    ...(learns.includes(kind)
      ? []
      : [`trainer ${name} does not learn a ${kind} target: it learns ${learns.join(', ')}`]),
    ...optionProblems(name, options, trainer.options),
    ...partProblems(trainer, kind),
    ...(search && !trial
      ? [`search needs a trainer that can try options: ${name} does not define \`trial\``]
      : []),
    ...Object.entries(search?.space ?? {}).flatMap(([option, range]) =>
      rangeProblems(option, range, definition),
    ),
  ];
}

/** The definition with the schema of the options that are given. */
function definitionOf({ type: { definition }, options }: Trainer, space?: Ranges): Definition {
  const given = options as TrainerOptions;
  return {
    ...definition,
    learns: definition.learnsWith?.(given) ?? definition.learns,
    options: schemaOfOptions(definition.options, given, space),
  };
}

function partProblems({ name, parts }: Trainer, kind: Kind): readonly string[] {
  if (!parts) return [];
  if (parts.length === 0) return [`trainer ${name} needs at least one trainer`];
  return parts.flatMap((part) => {
    const definition = definitionOf(part);
    return [
      ...(part.parts
        ? [`trainer ${name} has ${part.name} inside: give the trainers that it is made of`]
        : []),
      ...(definition.learns.includes(kind)
        ? []
        : [
            `trainer ${part.name} in ${name} does not learn a ${kind} target: it learns ${definition.learns.join(', ')}`,
          ]),
      ...optionProblems(definition.name, definition.options, part.options),
    ];
  });
}

function optionProblems(trainer: string, schema: z.ZodObject, given: object): readonly string[] {
  const rules = rulesOf(schema);
  const names = Object.keys(schema.shape);
  const values = Object.entries(given);
  const unknown = values
    .filter(([name]) => !names.includes(name))
    .map(([name]) => {
      const free = freeNames(schema);
      const meant = nearestName(name, free);
      const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
      return `trainer.${name} is not an option of ${trainer}${hint} (${free.join(', ')})`;
    });
  const wrong = names.flatMap((name) => {
    const value: unknown = (given as Readonly<Record<string, unknown>>)[name];
    if (accepts(schema, name, value)) return [];
    return [`trainer.${name} ${ruleOf(name, rules[name] ?? {})} (got ${formatValue(value)})`];
  });
  if (unknown.length > 0 || wrong.length > 0) return [...unknown, ...wrong];
  const whole = schema.safeParse(given);
  return whole.success ? [] : whole.error.issues.map(({ message }) => `trainer ${trainer}: ${message}`);
}

function rangeProblems(
  option: string,
  range: readonly (number | string)[] | undefined,
  { name, options }: Definition,
): readonly string[] {
  const names = Object.keys(options.shape);
  if (option === 'seed')
    return ['search.space has "seed": a search for luck proves nothing; leave it to `search.seed`'];
  if (!names.includes(option))
    return [`search.space has "${option}", which ${name} does not take (${freeNames(options).join(', ')})`];
  const [from, to, scale] = range ?? [];
  const sound =
    typeof from === 'number' &&
    typeof to === 'number' &&
    from <= to &&
    (scale === undefined || (scale === 'log' && from > 0));
  const prefix = `search.space.${option} is ${JSON.stringify(range)}`;
  if (!sound)
    return [`${prefix}: must be [from, to] or [from, to, "log"] with from ≤ to (above 0 for "log")`];
  const outside = [from, to].find((end) => !acceptsDrawn(options, option, end));
  const rule = ruleOf(option, rulesOf(options)[option] ?? {});
  return outside === undefined ? [] : [`${prefix}: ${option} ${rule} (got ${outside})`];
}

/** The ends of a range for whole numbers need not be whole numbers. */
function acceptsDrawn(options: z.ZodObject, option: string, end: number): boolean {
  const isWhole = wholeOptions(options).has(option);
  return accepts(options, option, end) || (isWhole && accepts(options, option, Math.round(end)));
}

function accepts({ shape }: z.ZodObject, name: string, value: unknown): boolean {
  const option = shape[name];
  return option !== undefined && z.safeParse(option, value).success;
}

function rulesOf(options: z.ZodObject): Readonly<Record<string, ValueSchema>> {
  const { properties } = z.toJSONSchema(options, { io: 'input', unrepresentable: 'any' });
  return (properties ?? {}) as Readonly<Record<string, ValueSchema>>;
}

/** The options that a project can set. */
function freeNames(options: z.ZodObject): readonly string[] {
  const rules = rulesOf(options);
  return Object.keys(options.shape).filter((name) => !('not' in (rules[name] ?? {})));
}

/** The rule of an option; one without a schema takes any JSON. */
function ruleOf(name: string, rule: ValueSchema): string {
  if ('not' in rule) return 'is set by Modelyard: leave it out';
  return Object.keys(rule).length === 0
    ? 'must be JSON: text, finite numbers, true, false, null, and lists and objects of them'
    : formatRule(name, rule);
}

function formatValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  try {
    return (
      JSON.stringify(value, (_key, part: unknown) => (isLost(part) ? String(part) : part)) ?? typeof value
    );
  } catch {
    return 'an object that has itself inside';
  }
}

/** JSON writes these as null or nothing. */
function isLost(part: unknown): boolean {
  return typeof part === 'number'
    ? !Number.isFinite(part)
    : !['string', 'boolean', 'object'].includes(typeof part);
}
