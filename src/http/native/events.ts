import type { FastifyInstance } from 'fastify';
import type { ServerEvent } from '../../api/views.ts';
import { eventsPath } from '../../api/addresses.ts';
import type { Topic } from '../../kernel/events.ts';

const heartbeatMs = 15_000;

/** Server-sent events of one project. A reader that stops reading is let go, so that it holds no memory. */
export function addEvents(server: FastifyInstance, topic: Topic<ServerEvent>): void {
  const open = new Set<() => void>();
  server.addHook('preClose', async () => {
    for (const end of open) end();
  });
  const options = { exposeHeadRoute: false, config: { permission: 'read' } } as const;
  server.get<{ Params: { project: string } }>(eventsPath, options, (request, reply) => {
    const { project } = request.params;
    reply.hijack();
    const { raw } = reply;
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
