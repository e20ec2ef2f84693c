import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Permission } from '../../../access/permission.ts';
import type { ApiVersion, Method } from './endpoint.ts';

/** One request with its reply. `request.body` is the stream of the body where there is one, never read before. */
export interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** An operation whose body or answer is not JSON, such as a file. An error that it throws is answered as any other. */
export interface RawEndpoint<Services> {
  readonly methods: readonly Method[];
  /** With '*' at its end, the rest of the address is `params['*']`. */
  readonly path: string;
  /** The API versions below whose prefixes it is; none: only at `path` itself. */
  readonly versions: readonly ApiVersion[];
  /** Only below `/ajax-api`. */
  readonly ui?: true;
  readonly permission: Permission;
  /** Answers the value to send, or sends by itself and answers the reply. */
  readonly handle: (exchange: Exchange, services: Services) => Promise<unknown>;
}
