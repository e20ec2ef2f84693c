import { z } from 'zod';
import { nearestName } from '../../kernel/nearest-name.ts';
import { formatRule, type ValueSchema } from '../../kernel/schema-rule.ts';
import { formatGiven } from './format-given.ts';
import { schemaOfOptions } from './given-options.ts';
import type { Kind } from './kind.ts';
import type { Model } from './model.ts';
import { isOptions, notATrainer } from './trainer-shape.ts';
import type { Trainer, TrainerDefinition, TrainerOptions } from './trainer.ts';

type Definition = Pick<TrainerDefinition, 'name' | 'learns' | 'trial' | 'check'> & {
  readonly options: z.ZodObject;
};

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
  const wrong = notATrainer('trainer', trainer);
  if (wrong !== undefined) return [wrong];
  const space = isOptions(search?.space) ? search.space : {};
  const definition = definitionOf(trainer, space);
  const { name, learns, trial } = definition;
  return [
    ...(/^[a-z][a-z0-9-]{0,62}$/.test(name)
      ? []
      : [`trainer name ${JSON.stringify(name)}: use lower-case letters, digits and hyphens, a letter first`]),
    ...(learns.includes(kind)
      ? []
      : [`trainer ${name} does not learn a ${kind} target: it learns ${learns.join(', ')}`]),
    ...optionProblems(definition, trainer.options),
    ...partProblems(trainer, kind),
    ...(search && !trial
      ? [`search needs a trainer that can try options: ${name} does not define \`trial\``]
      : []),
    ...Object.entries(space).flatMap(([option, range]) => rangeProblems(option, range, definition)),
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
  if (!Array.isArray(parts))
    return [`trainer ${name} needs a list of trainers, as in average([boostedTrees(), linear()])`];
  if (parts.length === 0) return [`trainer ${name} needs at least one trainer`];
  return parts.flatMap((part: Trainer, index) => {
    const wrong = notATrainer(`trainer ${index + 1} of ${name}`, part);
    if (wrong !== undefined) return [wrong];
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
      ...optionProblems(definition, part.options),
    ];
  });
}

/** @param field where the options are given @default 'trainer' */
export function optionProblems(
  { name: trainer, options: schema, check }: Pick<Definition, 'name' | 'options' | 'check'>,
  given: object,
  field = 'trainer',
): readonly string[] {
  const rules = rulesOf(schema);
  const names = Object.keys(schema.shape);
  const values = Object.entries(given);
  const unknown = values
    .filter(([name]) => !names.includes(name))
    .map(([name]) => {
      const free = freeNames(schema);
      const list = free.length === 0 ? ', which has none' : `${didYouMean(name, free)} (${free.join(', ')})`;
      return `${field}.${name} is not an option of ${trainer}${list}`;
    });
  const wrong = names.flatMap((name) => {
    const value: unknown = (given as Readonly<Record<string, unknown>>)[name];
    if (accepts(schema, name, value)) return [];
    return [`${field}.${name} ${ruleOf(name, rules[name] ?? {})} (got ${formatGiven(value)})`];
  });
  if (unknown.length > 0 || wrong.length > 0) return [...unknown, ...wrong];
  const whole = schema.safeParse(given);
  if (!whole.success) return whole.error.issues.map(({ message }) => `trainer ${trainer}: ${message}`);
  return check?.(given as TrainerOptions) ?? [];
}

/** ': did you mean depth?' by another library's name of it, or by its letters; empty if no option is like it. */
function didYouMean(written: string, names: readonly string[]): string {
  const alias = otherNames[written];
  const meant = alias !== undefined && names.includes(alias) ? alias : nearestName(written, names);
  return meant === undefined ? '' : `: did you mean ${meant}?`;
}

/** What other libraries call our options. */
const otherNames: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  n_estimators: 'trees',
  num_iterations: 'trees',
  num_boost_round: 'trees',
  max_iter: 'trees',
  max_depth: 'depth',
  num_leaves: 'leaves',
  max_leaves: 'leaves',
  eta: 'learningRate',
  learning_rate: 'learningRate',
  min_data_in_leaf: 'minLeafRows',
  min_samples_leaf: 'minLeafRows',
  min_child_samples: 'minLeafRows',
  min_child_weight: 'minChildWeight',
  reg_alpha: 'l1',
  reg_lambda: 'l2',
  alpha: 'l2',
  lambda: 'l2',
  C: 'l2',
  gamma: 'minGain',
  subsample: 'rowShare',
  bagging_fraction: 'rowShare',
  colsample_bytree: 'featureShare',
  feature_fraction: 'featureShare',
  max_bin: 'bins',
  early_stopping_rounds: 'earlyStopping',
  random_state: 'seed',
  objective: 'loss',
});

function rangeProblems(
  option: string,
  range: readonly (number | string)[] | undefined,
  { name, options }: Definition,
): readonly string[] {
  const names = Object.keys(options.shape);
  if (option === 'seed')
    return ['search.space has "seed": a search for luck proves nothing; leave it to `search.seed`'];
  if (!names.includes(option))
    return [
      `search.space has "${option}", which ${name} does not take${didYouMean(option, freeNames(options))} (${freeNames(options).join(', ')})`,
    ];
  const [from, to, scale, ...others] = Array.isArray(range) ? range : [];
  const sound =
    typeof from === 'number' &&
    typeof to === 'number' &&
    from <= to &&
    others.length === 0 &&
    (scale === undefined || (scale === 'log' && from > 0));
  const prefix = `search.space.${option} is ${formatGiven(range)}`;
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
