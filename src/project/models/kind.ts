import type { Column } from '../tables/column.ts';

/** What a model predicts: a number, yes or no, or one of several classes. The type of the target's column decides it. */
export type Kind = 'number' | 'boolean' | 'class';

/** The kind of a target whose values are `Value`. */
export type KindOf<Value> = Value extends number ? 'number' : Value extends boolean ? 'boolean' : 'class';

/** What is learned. Training rows have the number itself, 1 for yes and 0 for no, or the index of the class. */
export type Target =
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  | {
      readonly kind: 'class';
      /** In the order of the schema's enum. */
      readonly classes: readonly string[];
    };

/** The target in a column; undefined for a column that cannot be predicted: a free text, a date, a time. */
export function targetIn({ type, oneOf }: Column): Target | undefined {
  switch (type) {
    case 'number':
    case 'integer':
      return { kind: 'number' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'string':
      return oneOf && { kind: 'class', classes: oneOf };
    case 'date':
    case 'timestamp':
      return undefined;
  }
}
