import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Operations } from '../../api/routes.ts';
import type { ServerEvent } from '../../api/views.ts';
import { eventsPath } from '../../api/address.ts';
import type { Topic } from '../../kernel/events.ts';
import type { Caller } from '../../serving/endpoint.ts';
import { clientOf } from './trusted-proxies.ts';

const heartbeatMs = 15_000;

export interface EventOptions {
  readonly operationsFor: (caller: Caller) => Pick<Operations, 'getProject'>;
  readonly events: Topic<ServerEvent>;
}

/** The caller of our own API. A rate limit counts by token or account, or else by address. */
export function callerOf(request: FastifyRequest): Caller {
  const { actor } = request;
  return {
    key: actor?.key ?? clientOf(request).address,
    protocol: 'native',
    name: actor?.name,
    sentOnly: actor !== undefined && !actor.may('read'),
  };
}

/**
 * Server-sent events of one project; PROJECT_NOT_FOUND for an unknown one. A reader that stops reading is disconnected, so that
 * it uses no memory.
 */
export function addEvents(server: FastifyInstance, { operationsFor, events: topic }: EventOptions): void {
  const open = new Set<() => void>();
  server.addHook('preClose', async () => {
    for (const end of open) end();
  });
  const options = { exposeHeadRoute: false, config: { permission: 'read' } } as const;
  server.get<{ Params: { project: string } }>(eventsPath, options, async (request, reply) => {
    const { project } = request.params;
    await operationsFor(callerOf(request)).getProject({ project });
    reply.hijack();
    const { raw } = reply;
    if (raw.destroyed) return;
    raw.writeHead(200, {
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write(': open\n\n');
    const end = (): void => {
      open.delete(end);
      clearInterval(heartbeat);
      unsubscribe();
      raw.end();
    };
    const unsubscribe = topic.subscribe((event) => {
      if (event.project !== project) return;
      if (raw.writableLength > 1_000_000) raw.destroy();
      else raw.write(`data: ${JSON.stringify(event)}\n\n`);
    });
    const heartbeat = setInterval(() => raw.write(': still here\n\n'), heartbeatMs);
    open.add(end);
    raw.on('close', end);
  });
}
