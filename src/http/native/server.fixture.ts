import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Operations, routes } from '../../api/routes.ts';
import { openTopic } from '../../kernel/events.ts';
import { silentLog } from '../../kernel/log.ts';
import { openMeter } from '../metrics/meter.ts';
import { createServer, type ServerOptions } from './server.ts';

/** A server whose operations each return `{ operation: their name }`, with a page. The caller closes it. */
export async function openServer(change: Partial<ServerOptions> = {}): Promise<FastifyInstance> {
  const pages = await mkdtemp(join(tmpdir(), 'modelyard-pages-'));
  await mkdir(join(pages, 'assets'));
  await writeFile(join(pages, 'index.html'), '<title>pages</title>');
  const handlers = Object.keys(routes).map((name) => [name, async () => ({ operation: name })]);
  const server = await createServer({
    operationsFor: () => Object.fromEntries(handlers) as Operations,
    events: openTopic(),
    meter: openMeter(),
    log: silentLog,
    ready: () => ({ ready: true, waitsFor: [] }),
    pages,
    ...change,
  });
  server.addHook('onClose', () => rm(pages, { recursive: true, force: true }));
  return server;
}
