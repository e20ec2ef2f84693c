import type { z } from 'zod';
import type { Permission } from '../access/permission.ts';
import type { Address } from './address.ts';

/** An operation of the API: its address, who may call it, and what it takes. */
export interface Route<Input, Output> extends Address {
  readonly permission: Permission;
  readonly input: z.ZodType<Input>;
  /** The status of a response. @default 200 */
  readonly status?: number;
  readonly '~output'?: Output;
}

/** Declares a route; its output is a type alone. */
export function route<Output>() {
  return <Input>(declared: Omit<Route<Input, Output>, '~output'>): Route<Input, Output> => declared;
}
