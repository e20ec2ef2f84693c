import { resolve } from 'node:path';
import type { ServerEvent } from '../api/views.ts';
import { openApp } from '../app/app.ts';
import { openMeter } from '../http/metrics/meter.ts';
import { closingOnError } from '../kernel/closers.ts';
import { openReadiness } from '../http/native/readiness.ts';
import { systemClock } from '../kernel/clock.ts';
import { openTopic } from '../kernel/events.ts';
import { loadModule } from '../adapters/esbuild/load-module.ts';
import { readServerConfig } from './config.ts';
import { dependenciesOf } from './dependencies.ts';
import { jsonLog } from './json-log.ts';
import { listen } from './listen.ts';
import { self } from './self.ts';
import { openSignIn } from './sign-in.ts';
import { openState } from './state.ts';
import { endProcess, stopSignal } from './stop-signal.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { pagesFolder } from './pages.ts';

/** `modelyard server`: tracking, registry and pages for a team, until it is told to stop. It logs JSON lines. */
export async function startServer(
  host: string | undefined,
  { config: { port, state: given }, env, json, result }: CommandContext,
): Promise<ExitCode> {
  const flags = {
    port: String(port),
    ...(given !== undefined && { state: given }),
    ...(host !== undefined && { host }),
  };
  const config = readServerConfig(flags, env);
  const log = jsonLog(json ? process.stderr : process.stdout);
  const stopped = stopSignal();
  await closingOnError(async (closers) => {
    const stateFolder = resolve(config.state);
    const { resettable, databaseUrl, bucket, registry } = config;
    const holder = 'modelyard server';
    const meter = openMeter();
    const mirror = config.mirror && { ...config.mirror, meter };
    const kept = { stateFolder, databaseUrl, bucket, resettable, registry, mirror };
    // The database opens in a thread of its own; the HTTP server is loaded meanwhile.
    const [state, { createServer }] = await Promise.all([
      openState(closers, { ...kept, holder, log }),
      import('../http/native/server.ts'),
    ]);
    const events = openTopic<ServerEvent>();
    const { stores, records, blobs, predictions } = state;
    const moduleFolder = resolve(stateFolder, 'modules');
    const app = {
      projects: () => [],
      stores,
      records,
      blobs,
      predictions,
      events,
      loadCode: <Value>(bundle: Parameters<typeof loadModule>[0]) =>
        loadModule<Value>(bundle, { blobs, moduleFolder, self }),
    };
    const server = await createServer({
      operationsFor: (caller) => openApp(app, caller),
      events,
      meter,
      log,
      ready: openReadiness({
        dependencies: dependenciesOf({ database: state.database, artifacts: records.artifacts }),
        now: systemClock,
      }),
      pages: pagesFolder,
      mlflow: state.mlflow.services,
      ...(await openSignIn({ ...config, stateFolder, log })),
      ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
      hosts: config.hosts,
    });
    closers.defer(() => server.close());
    const url = await listen(server, config);
    if (json) result({ url }, () => '');
    log.info('listening', { url });
    await stopped;
    log.info('stopping');
    await closers[Symbol.asyncDispose]();
  });
  return endProcess(0);
}
