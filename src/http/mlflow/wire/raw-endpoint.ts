import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../../../access/permission.ts';
import type { ApiVersion, Method } from './endpoint.ts';

/** A request with its reply. `request.body` is the unread stream of the body, if there is one. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An operation whose body or response is not JSON, such as a file. Errors are sent like those of other endpoints. */
export interface RawEndpoint<Services> {
  readonly methods: readonly Method[];
  /** With a final '*', the rest of the address is `params['*']`. */
  readonly path: string;
  /** The API versions with this endpoint; none: only at `path` itself. */
  readonly versions: readonly ApiVersion[];
  /** Only below `/ajax-api`. */
  readonly ui?: true;
  readonly permission: Permission;
  /** Returns the value to send, or sends it and returns the reply. */
  readonly handle: (exchange: Exchange, services: Services) => Promise<unknown>;
}
