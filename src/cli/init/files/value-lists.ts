import type { InferredColumn } from '../column.ts';
import type { ModelDraft } from '../draft.ts';
import { featureKind, knownValues } from '../feature-kind.ts';
import { freeVariable, pluralVariable } from './names.ts';
import { commentText, filledList, literal } from './source-text.ts';

/** Values of a column that the code lists. */
export interface ValueList {
  /** Of the list: 'towns'. */
  readonly name: string;
  readonly texts: readonly string[];
  /** The function that makes features of a value: 'oneOfTowns'. */
  readonly encoder?: string | undefined;
  /** Its declaration. */
  readonly declaration?: string | undefined;
}

/** Variables of features.ts, by column. */
export interface Constants {
  readonly lists: ReadonlyMap<InferredColumn, ValueList>;
  /** Of dates: 'soldAt'. */
  readonly dates: ReadonlyMap<InferredColumn, string>;
}

export function constantsOf({ features, target, kind }: ModelDraft): Constants {
  const lists = new Map<InferredColumn, ValueList>();
  const dates = new Map<InferredColumn, string>();
  const taken = (): readonly string[] => [
    ...[...lists.values()].flatMap(({ name, encoder }) => (encoder === undefined ? [name] : [name, encoder])),
    ...dates.values(),
  ];
  for (const column of features) {
    const of = featureKind(column);
    if (of === 'date') dates.set(column, freeVariable(`${column.name} at`, 'date', taken()));
    if (of === 'choice' || of === 'category') lists.set(column, constantOf(column, of, taken()));
  }
  if (kind === 'class')
    lists.set(target, {
      name: pluralVariable(target.name, taken()),
      texts: target.values.map(({ text }) => text).toSorted(),
    });
  return { lists, dates };
}

function constantOf(column: InferredColumn, of: 'choice' | 'category', taken: readonly string[]): ValueList {
  const texts = knownValues(column);
  const name = pluralVariable(column.name, taken);
  const helper = of === 'choice' ? 'oneOf' : 'codeIn';
  const meaning = `${helper}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const encoder = freeVariable(meaning, meaning, [...taken, name]);
  const args = of === 'choice' ? [literal(column.name), name] : [name];
  return { name, texts, encoder, declaration: `const ${encoder} = ${helper}(${args.join(', ')});\n` };
}

/** Of a list in features.ts: a longer one is in a file of its own. */
const mostInline = 40;

function isLong({ texts }: ValueList): boolean {
  return texts.length > mostInline;
}

/** The lists of features.ts. */
export function shortListsText({ lists }: Constants): string {
  return [...lists.values()]
    .filter((constant) => !isLong(constant))
    .map((constant) => `${listText(constant)}\n`)
    .join('');
}

/** The names of the lists in categories.ts. */
export function longLists({ lists }: Constants): readonly string[] {
  return [...lists.values()].filter(isLong).map(({ name }) => name);
}

/** categories.ts of a made project, if it has long lists. */
export function categoriesFile({ lists }: Constants, dataPath: string): string | undefined {
  const texts = [...lists.values()].filter(isLong).map((constant) => `export ${listText(constant)}\n`);
  if (texts.length === 0) return undefined;
  return `/** Values of ${commentText(dataPath)}, the commonest first. A value's code is its position, so add new ones at the end. */\n\n${texts.join('\n')}`;
}

function listText({ name, texts }: ValueList): string {
  return filledList(texts.map(literal), { open: `const ${name} = [`, close: '] as const;' });
}

/** The functions that make features of values. */
export function encodersText({ lists }: Constants): string {
  return [...lists.values()].map(({ declaration = '' }) => declaration).join('');
}
