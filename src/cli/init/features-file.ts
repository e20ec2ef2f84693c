import type { InferredColumn } from './column.ts';
import type { ModelDraft } from './draft.ts';
import { type Names, pluralVariable } from './names.ts';
import { describe, indented, key, list, literal, member } from './source-text.ts';

/** features.ts of a made project: the row, the request and the features. */
export function featuresFile(draft: ModelDraft, names: Names): string {
  const { asked, kept, target } = draft;
  const choices = choicesOf(draft.kind === 'class' ? [...asked, target] : asked);
  const fields = (columns: readonly InferredColumn[]): string =>
    columns.map((column) => indented(fieldOf(column, draft, choices))).join('');
  return [
    "import { type Features, z } from 'modelyard';\n",
    constants(choices),
    '/** What a caller sends. */',
    `export const Question = z.object({\n${fields(asked)}});`,
    'export type Question = z.infer<typeof Question>;\n',
    `/** A line of ${names.dataPath}. */`,
    `export const ${rawName(draft)} = z.object({\n${fields(kept)}  ...Question.shape,\n${fields([target])}});`,
    `export type ${rawName(draft)} = z.infer<typeof ${rawName(draft)}>;\n`,
    ...filledRow(draft),
    `/** What the model sees of ${asked.some(({ nullable }) => nullable) ? 'a question; NaN is a value that is missing' : 'a question'}. */`,
    `export function toFeatures(asked: Question): Features {\n  return {\n${asked.map((column) => indented(indented(featureOf(column, choices)))).join('')}  };\n}\n`,
    ...helpers(asked, choices),
  ].join('\n');
}

/** Columns that may be blank in the CSV but not in a row to learn from. */
export function mustBeFilled({
  target,
  split,
}: Pick<ModelDraft, 'target' | 'split'>): readonly InferredColumn[] {
  return [split.by, target].filter((column) => column !== undefined).filter(({ nullable }) => nullable);
}

/** The schema of the CSV's lines: that of the rows too, where nothing is blank that must not be. */
export function rawName(draft: Pick<ModelDraft, 'target' | 'split'>): 'Raw' | 'Row' {
  return mustBeFilled(draft).length > 0 ? 'Raw' : 'Row';
}

/** The constant that holds the values of each choice. */
type Choices = ReadonlyMap<InferredColumn, string>;

function choicesOf(columns: readonly InferredColumn[]): Choices {
  const choices = new Map<InferredColumn, string>();
  for (const column of columns)
    if (column.oneOf) choices.set(column, pluralVariable(column.name, [...choices.values()]));
  return choices;
}

function constants(choices: Choices): string {
  return [...choices]
    .map(
      ([{ oneOf = [] }, name]) =>
        `const ${name} = ${list(oneOf.map(literal), { open: '[', close: '] as const;', room: 10 + name.length })}\n`,
    )
    .join('');
}

function fieldOf(column: InferredColumn, draft: ModelDraft, choices: Choices): string {
  const { title, unit = draft.units[column.name] } = describe(column.name);
  const about = [`title: ${literal(title)}`, ...(unit ? [`unit: ${literal(unit)}`] : [])];
  const example = draft.example.get(column);
  if (draft.asked.includes(column))
    about.push(`examples: [${typeof example === 'string' ? literal(example) : String(example ?? null)}]`);
  const blank = column.nullable ? '.nullable()' : '';
  const isYesOrNo = column === draft.target && draft.kind === 'boolean';
  const schema = `${key(column.name)}: ${isYesOrNo ? 'z.boolean()' : schemaOf(column, choices)}`;
  // Of what a row must have, the title stays with the schema that is left when blanks are ruled out.
  const inner = mustBeFilled(draft).includes(column);
  const head = `${schema}${inner ? '' : blank}.meta(`;
  return `${head}${list(about, { open: '{', close: '}', room: head.length + 3 })})${inner ? blank : ''},\n`;
}

function schemaOf(column: InferredColumn, choices: Choices): string {
  const bound = column.numbers && column.numbers.least >= 0 ? '.min(0)' : '';
  switch (column.type) {
    case 'integer':
      return `z.int()${bound}`;
    case 'number':
      return `z.number()${bound}`;
    case 'boolean':
      return 'z.boolean()';
    case 'date':
      return 'z.iso.date()';
    case 'timestamp':
      return 'z.iso.datetime({ offset: true })';
    case 'string':
    case undefined:
      return choices.has(column) ? `z.enum(${choices.get(column)})` : 'z.string()';
  }
}

function filledRow(draft: ModelDraft): readonly string[] {
  const filled = mustBeFilled(draft);
  if (filled.length === 0) return [];
  const [first] = filled;
  const blankless =
    filled.length > 1
      ? 'the target and the column of the split are'
      : `the ${first === draft.target ? 'target' : 'column of the split'} is`;
  const fields = filled.map(({ name }) => `  ${key(name)}: ${member('Raw.shape', name)}.unwrap(),\n`);
  return [
    `/** A row the model can learn from: ${blankless} not blank. */`,
    `export const Row = Raw.extend({\n${fields.join('')}});`,
    'export type Row = z.infer<typeof Row>;\n',
  ];
}

function featureOf(column: InferredColumn, choices: Choices): string {
  const { name, nullable, type } = column;
  const value = member('asked', name);
  const orMissing = (code: string): string => (nullable ? `${value} === null ? NaN : ${code}` : code);
  const values = choices.get(column);
  if (values && !isOrdinal(column)) return `...oneOf(${literal(name)}, ${values}, ${value}),\n`;
  if (values) return `${key(name)}: ${orMissing(`${values}.indexOf(${value})`)},\n`;
  if (type === 'boolean') return `${key(name)}: ${orMissing(`Number(${value})`)},\n`;
  if (type === 'date' || type === 'timestamp') return `${key(name)}: ${orMissing(`days(${value})`)},\n`;
  return `${key(name)}: ${value}${nullable ? ' ?? NaN' : ''},\n`;
}

/** Features need names that differ in more than case: values that do not become their place in the list. */
function isOrdinal({ oneOf = [] }: InferredColumn): boolean {
  return new Set(oneOf.map((value) => value.toLowerCase())).size < oneOf.length;
}

function helpers(asked: readonly InferredColumn[], choices: Choices): readonly string[] {
  const dated = asked.some(({ type }) => type === 'date' || type === 'timestamp');
  const chosen = asked.filter((column) => choices.has(column) && !isOrdinal(column));
  return [
    ...(chosen.length > 0 ? [oneOfHelper(chosen.some(({ nullable }) => nullable))] : []),
    ...(dated ? [daysHelper] : []),
  ];
}

function oneOfHelper(nullable: boolean): string {
  return `/** A feature for each value: 1 for the one that is given, 0 for the others. */
function oneOf(name: string, values: readonly string[], given: string${nullable ? ' | null' : ''}): Features {
  return Object.fromEntries(values.map((value) => [\`\${name}: \${value}\`, value === given ? 1 : 0]));
}
`;
}

const daysHelper = `/** Days since 1970. */
function days(date: string): number {
  return Date.parse(date) / 86_400_000;
}
`;
