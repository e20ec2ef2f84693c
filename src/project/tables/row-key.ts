import type { Producer } from '../producer.ts';
import type { TableRef } from './table.ts';

/**
 * The columns that identify a row whose values may be corrected: those that are checked to be unique, or the key of the
 * source. A step or a `sql` with one input keeps the key of it if it keeps the columns. Undefined without any.
 */
export function rowKey({ producer, table }: TableRef): readonly string[] | undefined {
  if (table.checks?.unique) return table.checks.unique;
  if (producer.kind === 'source') return producer.key;
  const key = inheritedKey(producer);
  const names = new Set(table.schema.columns.map(({ name }) => name));
  return key?.every((name) => names.has(name)) ? key : undefined;
}

function inheritedKey(producer: Producer): readonly string[] | undefined {
  if (producer.kind !== 'step' && producer.kind !== 'sql') return undefined;
  const [input, ...others] = Object.values(producer.in);
  return input && others.length === 0 ? rowKey(input) : undefined;
}
