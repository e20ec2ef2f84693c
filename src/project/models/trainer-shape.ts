import { formatGiven } from './format-given.ts';

/** Whether a value can hold options by name: an object as `{ … }` writes it. */
export function isOptions(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Why a value is no trainer with options; undefined if it is one. A project may be run without a type check. */
export function notATrainer(field: string, value: unknown): string | undefined {
  if (typeof value === 'function' && 'definition' in value)
    return `${field} is a trainer without its options: call it, as in boostedTrees()`;
  if (!hasDefinition(value))
    return `${field} is ${value instanceof Promise ? 'a promise' : formatGiven(value)}: give a trainer, such as boostedTrees()`;
  return isOptions(value.options)
    ? undefined
    : `${field} ${value.name} has the options ${formatGiven(value.options)}: give an object such as { seed: 1 }, or nothing`;
}

interface Shape {
  readonly name: string;
  readonly options: unknown;
}

function hasDefinition(value: unknown): value is Shape {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    value.kind === 'trainer' &&
    'type' in value &&
    Object(value.type) === value.type
  );
}
