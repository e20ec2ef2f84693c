import type { InferredColumn } from '../column.ts';
import type { ModelDraft } from '../draft.ts';
import { featureKind, knownValues } from '../feature-kind.ts';
import { freeVariable, pluralVariable } from './names.ts';
import { filledList, literal } from './source-text.ts';

/** Values of a column that the code lists. */
export interface KnownConstant {
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
  readonly known: ReadonlyMap<InferredColumn, KnownConstant>;
  /** Of dates: 'soldAt'. */
  readonly dates: ReadonlyMap<InferredColumn, string>;
}

export function constantsOf({ features, target, kind }: ModelDraft): Constants {
  const known = new Map<InferredColumn, KnownConstant>();
  const dates = new Map<InferredColumn, string>();
  const taken = (): readonly string[] => [...[...known.values()].map(({ name }) => name), ...dates.values()];
  for (const column of features) {
    const of = featureKind(column);
    if (of === 'date') dates.set(column, freeVariable(`${column.name} at`, 'date', taken()));
    if (of === 'choice' || of === 'category')
      known.set(column, constantOf(column, { of, name: pluralVariable(column.name, taken()) }));
  }
  if (kind === 'class')
    known.set(target, {
      name: pluralVariable(target.name, taken()),
      texts: target.values.map(({ text }) => text).toSorted(),
    });
  return { known, dates };
}

function constantOf(
  column: InferredColumn,
  { of, name }: { readonly of: 'choice' | 'category'; readonly name: string },
): KnownConstant {
  const { texts, other } = knownValues(column);
  const helper = of === 'choice' ? 'oneOf' : 'codeIn';
  const encoder = `${helper}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const args =
    of === 'choice' ? [literal(column.name), name, ...(other === undefined ? [] : [literal(other)])] : [name];
  return { name, texts, encoder, declaration: `const ${encoder} = ${helper}(${args.join(', ')});\n` };
}

/** Of a list in features.ts: a longer one is in a file of its own. */
const mostInline = 40;

function isLong({ texts }: KnownConstant): boolean {
  return texts.length > mostInline;
}

/** The lists of features.ts. */
export function shortLists({ known }: Constants): string {
  return [...known.values()]
    .filter((constant) => !isLong(constant))
    .map((constant) => `${listText(constant)}\n`)
    .join('');
}

/** The names of the lists in categories.ts. */
export function longLists({ known }: Constants): readonly string[] {
  return [...known.values()].filter(isLong).map(({ name }) => name);
}

/** categories.ts of a made project, if it has long lists. */
export function categoriesFile({ known }: Constants, dataPath: string): string | undefined {
  const lists = [...known.values()].filter(isLong).map((constant) => `export ${listText(constant)}\n`);
  if (lists.length === 0) return undefined;
  return `/** Values of ${dataPath}, the commonest first. A value's code is its position, so add new ones at the end. */\n\n${lists.join('\n')}`;
}

function listText({ name, texts }: KnownConstant): string {
  return filledList(texts.map(literal), { open: `const ${name} = [`, close: '] as const;' });
}

/** The functions that make features of values. */
export function encodersText({ known }: Constants): string {
  return [...known.values()].map(({ declaration = '' }) => declaration).join('');
}
