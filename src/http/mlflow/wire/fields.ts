/** A field of a request message, in the terms of MLflow's protobuf schema. */
export interface Field {
  readonly type: 'string' | 'int64' | 'int32' | 'double' | 'bool' | 'enum' | 'message';
  /** Absent, null and '' are refused; an empty list is not. */
  readonly required?: true;
  readonly repeated?: true;
  /** How many items a repeated field takes. @default 10000 */
  readonly most?: number;
  /** The fields of a message. */
  readonly fields?: Fields;
  /** The names of an enum, in the order of their numbers from 1 on; a request may carry name or number. */
  readonly values?: readonly string[];
  /** The largest number that is taken; more is answered as a wrong value. */
  readonly maximum?: number;
  /** A name of old clients, read where the field's own is absent: 'run_uuid'. */
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

/** A request as its endpoint gets it: a repeated field that is absent is empty, any other absent field undefined. */
export type Input<Declared extends Fields> = { readonly [Name in keyof Declared]: Value<Declared[Name]> };
