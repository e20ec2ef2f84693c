import type { InferredColumn } from '../column.ts';
import type { ModelDraft } from '../draft.ts';
import { isText } from '../feature-kind.ts';
import type { Constants } from './value-lists.ts';
import { mustBeFilled } from './row-names.ts';
import { describe, key, list, literal } from './source-text.ts';

/** A field of a schema: 'size: z.int().meta({ title: 'Size', examples: [94] }),'. */
export function fieldText(column: InferredColumn, draft: ModelDraft, constants: Constants): string {
  const { title, unit = draft.units.get(column.name) } = describe(column.name);
  const about = [`title: ${literal(title)}`, ...(unit ? [`unit: ${literal(unit)}`] : [])];
  if (draft.features.includes(column)) about.push(`examples: ${examplesOf(column, draft, constants)}`);
  const blank = column.nullable ? '.nullable()' : '';
  const schema = `${key(column.name)}: ${schemaOf(column, draft, constants)}`;
  // Of what a row must have, the title stays with the schema that is left when blanks are ruled out.
  const inner = mustBeFilled(draft).includes(column);
  const head = `${schema}${inner ? '' : blank}.meta(`;
  return `${head}${list(about, { open: '{', close: '}', room: head.length + 3 })})${inner ? blank : ''},\n`;
}

/** All values of a text with few of them: the form offers them. */
function examplesOf(column: InferredColumn, { example }: ModelDraft, constants: Constants): string {
  const value = example.get(column);
  const lists = constants.lists.get(column);
  if (lists) return lists.name;
  return `[${typeof value === 'string' ? literal(value) : String(value ?? null)}]`;
}

function schemaOf(column: InferredColumn, draft: ModelDraft, constants: Constants): string {
  if (column === draft.target && draft.kind !== 'number')
    return draft.kind === 'boolean' ? 'z.boolean()' : `z.enum(${constants.lists.get(column)?.name ?? ''})`;
  if (column === draft.split.group || isText(column)) return 'z.string()';
  switch (column.type) {
    case 'integer':
      return 'z.int()';
    case 'number':
      return 'z.number()';
    case 'boolean':
      return 'z.boolean()';
    case 'date':
      return 'z.iso.date()';
    case 'timestamp':
      return 'z.iso.datetime({ offset: true })';
    case 'string':
    case undefined:
      return 'z.string()';
  }
}
