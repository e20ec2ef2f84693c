import type { Json } from '../../../kernel/json.ts';

/** An argument as written; a variable is replaced by its value later. */
export type Argument =
  | string
  | number
  | boolean
  | null
  | { readonly variable: string }
  | { readonly list: readonly Argument[] }
  | { readonly members: ReadonlyMap<string, Argument> };

export interface FieldSelection {
  readonly kind: 'field';
  readonly name: string;
  readonly alias: string | undefined;
  readonly arguments: ReadonlyMap<string, Argument>;
  /** Empty for a field without members. */
  readonly selections: readonly Selection[];
}

export type Selection =
  | FieldSelection
  | { readonly kind: 'spread'; readonly fragment: string }
  | { readonly kind: 'inline'; readonly selections: readonly Selection[] };

export interface Operation {
  readonly type: 'query' | 'mutation';
  readonly name: string | undefined;
  /** The default values of the variables. */
  readonly defaults: ReadonlyMap<string, Argument>;
  readonly selections: readonly Selection[];
}

/** A parsed GraphQL request. */
export interface Document {
  readonly operations: readonly Operation[];
  readonly fragments: ReadonlyMap<string, readonly Selection[]>;
}

/** The fields of a selection set with those of its fragments; a fragment within itself is not followed. */
export function fieldsOf(
  selections: readonly Selection[],
  fragments: Document['fragments'],
  visited: ReadonlySet<string> = new Set(),
): readonly FieldSelection[] {
  return selections.flatMap((selection) => {
    if (selection.kind === 'field') return [selection];
    if (selection.kind === 'inline') return fieldsOf(selection.selections, fragments, visited);
    if (visited.has(selection.fragment)) return [];
    const inside = fragments.get(selection.fragment) ?? [];
    return fieldsOf(inside, fragments, new Set([...visited, selection.fragment]));
  });
}

/** The value of an argument with its variables replaced; null if absent. */
export function valueOf(argument: Argument, variables: ReadonlyMap<string, Json>): Json {
  if (argument === null || typeof argument !== 'object') return argument;
  if ('variable' in argument) return variables.get(argument.variable) ?? null;
  if ('list' in argument) return argument.list.map((item) => valueOf(item, variables));
  return Object.fromEntries(
    [...argument.members].map(([name, member]) => [name, valueOf(member, variables)]),
  );
}
