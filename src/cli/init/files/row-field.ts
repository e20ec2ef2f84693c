import type { InferredColumn } from '../column.ts';
import type { ModelDraft } from '../draft.ts';
import { isText } from '../feature-kind.ts';
import type { Constants } from './value-lists.ts';
import { describe, key, list, literal, member } from './source-text.ts';

/** A field of a schema: 'town: z.string().meta({ title: 'Town', examples: towns }),'. The form offers the values of a list. */
export function fieldText(column: InferredColumn, draft: ModelDraft, constants: Constants): string {
  const values = draft.features.includes(column) ? constants.lists.get(column) : undefined;
  const about = [...labels(column, draft), ...(values ? [`examples: ${values.name}`] : [])];
  const blank = column.nullable ? '.nullable()' : '';
  const schema = `${key(column.name)}: ${schemaOf(column, draft, constants)}`;
  const head = `${schema}${blank}.meta(`;
  return `${head}${list(about, { open: '{', close: '}', room: head.length + 3 })}),\n`;
}

/** Of a field that may be blank in the file but not in a row: what is left of its schema keeps the title. */
export function filledFieldText(column: InferredColumn, draft: ModelDraft): string {
  const head = `${key(column.name)}: ${member('Raw.shape', column.name)}.unwrap().meta(`;
  return `${head}${list(labels(column, draft), { open: '{', close: '}', room: head.length + 3 })}),\n`;
}

function labels({ name }: InferredColumn, draft: ModelDraft): readonly string[] {
  const { title, unit = draft.units.get(name) } = describe(name);
  return [`title: ${literal(title)}`, ...(unit ? [`unit: ${literal(unit)}`] : [])];
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
