import type { Permission } from '../../../access/permission.ts';
import type { Fields, Input } from './fields.ts';
import type { WireObject } from './json.ts';

export type { Fields, Input } from './fields.ts';
export type { WireObject } from './json.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type ApiVersion = '2.0' | '3.0';

interface Addressed {
  readonly methods: readonly Method[];
  /** Below the prefix: '/mlflow/runs/create'; ':name' is a parameter and is added to the input. */
  readonly path: string;
  /** The API versions with this endpoint: '2.0' is also served below `/api/2.0/preview`. */
  readonly versions: readonly ApiVersion[];
  /** Only below `/ajax-api`. */
  readonly ui?: true;
  readonly permission: Permission;
  /** Bytes of a body, for requests that are larger than most. @default by the permission: see `jsonLimits` */
  readonly largestBody?: number;
}

/** The sender of a request. */
export interface Caller {
  readonly name: string;
}

/** The caller on a server without sign-in. */
export const unnamedCaller: Caller = { name: 'a client of MLflow' };

/** One operation of MLflow's API. `handle` gets the checked fields and returns the response. */
export interface Endpoint<Services> extends Addressed {
  readonly fields: Fields;
  readonly handle: (input: never, services: Services, caller: Caller) => Promise<WireObject>;
}

export interface EndpointDeclaration<Declared extends Fields, Services> extends Omit<
  Endpoint<Services>,
  'fields' | 'handle'
> {
  readonly fields: Declared;
  readonly handle: (input: Input<Declared>, services: Services, caller: Caller) => Promise<WireObject>;
}

/**
 * Declares an endpoint; `handle`'s input is inferred from `fields`, its services from its annotation.
 *
 *     endpoint({ methods: ['POST'], path: '/mlflow/runs/delete', versions: ['2.0'], permission: 'delete',
 *       fields: { run_id: { type: 'string', required: true } },
 *       async handle({ run_id }, { runs }: RunServices) { … return {}; } })
 */
export function endpoint<const Declared extends Fields, Services>(
  declared: EndpointDeclaration<Declared, Services>,
): Endpoint<Services> {
  return declared;
}
