/** A field of a request message, in the terms of MLflow's protobuf schema. */
export interface Field {
  readonly type: 'string' | 'int64' | 'int32' | 'double' | 'bool' | 'enum' | 'message';
  /** Absent, null and '' are refused; an empty list is allowed. */
  readonly required?: true;
  readonly repeated?: true;
  /** The most items of a repeated field. @default 10000 */
  readonly most?: number;
  /** The fields of a message. */
  readonly fields?: Fields;
  /** The names of an enum, in order of their numbers from 1; a request may use name or number. */
  readonly values?: readonly string[];
  /** The largest valid number. */
  readonly maximum?: number;
  /** A name that old clients use, read if the field's own name is absent: 'run_uuid'. */
  readonly alsoCalled?: string;
}

export interface Fields {
  readonly [name: string]: Field;
}

interface Scalars {
  readonly string: string;
  /** A bigint beyond 2^53. */
  readonly int64: number | bigint;
  readonly int32: number;
  /** May be NaN or infinite. */
  readonly double: number;
  readonly bool: boolean;
}

type One<Declared extends Field> = Declared['type'] extends keyof Scalars
  ? Scalars[Declared['type']]
  : Declared extends { readonly values: readonly (infer Name)[] }
    ? Name
    : Declared extends { readonly fields: infer Inner extends Fields }
      ? Input<Inner>
      : never;

type Value<Declared extends Field> = Declared extends { readonly repeated: true }
  ? readonly One<Declared>[]
  : Declared extends { readonly required: true }
    ? One<Declared>
    : One<Declared> | undefined;

/** A request for its endpoint: an absent repeated field is empty, any other absent field undefined. */
export type Input<Declared extends Fields> = { readonly [Name in keyof Declared]: Value<Declared[Name]> };
