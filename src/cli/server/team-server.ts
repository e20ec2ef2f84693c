import { resolve } from 'node:path';
import { openMeter } from '../../http/metrics/meter.ts';
import { closingOnError } from '../../kernel/closers.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { buildApp } from '../host/build-app.ts';
import type { CommandContext, ConnectOptions } from '../command-context.ts';
import { type Config, readServerConfig } from '../config/config.ts';
import type { ExitCode } from '../exit-codes.ts';
import { jsonLog } from '../output/json-log.ts';
import { listen } from './listen.ts';
import { continueWithoutReader } from '../output/lost-reader.ts';
import { logRuns } from '../output/log-runs.ts';
import { pagesFolder } from './pages.ts';
import { readinessOf } from '../host/readiness.ts';
import { reportLosses } from '../jobs/prediction-losses.ts';
import { announceServer } from './server-info.ts';
import { openSignIn } from './sign-in.ts';
import { openState } from '../host/state.ts';
import { endProcess, stopSignal } from './stop-signal.ts';
import { startBackground, startFollowing } from '../host/workers.ts';
import { findWorkspace } from '../config/workspace.ts';

export interface ServerOptions extends ConnectOptions {
  readonly host: string | undefined;
}

/**
 * `modelyard server`: tracking, registry and pages for a team, and the pipeline and endpoints of a named project,
 * until a signal stops it. It logs JSON lines.
 */
export async function startServer(
  { host, set }: ServerOptions,
  { config: given, env, json, result }: CommandContext,
): Promise<ExitCode> {
  const workspace = given.project === undefined ? undefined : findWorkspace(given, process.cwd());
  if (!workspace) refuseSet(set);
  const config = readServerConfig({ ...flagsOf(given), ...(host !== undefined && { host }) }, env);
  const stateFolder = workspace?.stateFolder ?? resolve(config.state);
  const log = jsonLog(json ? process.stderr : process.stdout);
  continueWithoutReader();
  const stopped = stopSignal();
  await closingOnError(async (closers) => {
    const meter = openMeter();
    const { mirror } = config;
    // The database opens in a thread of its own; the HTTP server is loaded meanwhile.
    const [state, { createServer }] = await Promise.all([
      openState(closers, {
        ...config,
        stateFolder,
        holder: 'modelyard server',
        log,
        predictionLog: reportLosses(log, meter),
      }),
      import('../../http/native/server.ts'),
    ]);
    await startBackground(closers, state, { log, mirror: mirror && { ...mirror, meter } });
    const app = await buildApp(closers, state, { workspace, log, meter, env, set });
    logRuns(app.events, log);
    const server = await createServer({
      operationsFor: app.operationsFor,
      events: app.events,
      meter,
      log,
      ready: readinessOf(app.dependencies, app.host),
      pages: pagesFolder,
      mlflow: state.mlflow,
      ...(await openSignIn({ ...config, stateFolder, log })),
      ...(config.publicUrl !== undefined && { publicUrl: config.publicUrl }),
      hosts: config.hosts,
      proxies: config.proxies,
    });
    closers.defer(() => server.close());
    const url = await listen(server, config);
    const project = app.host?.project().plan.project.name;
    closers.add(await announceServer(stateFolder, { pid: process.pid, startedAt: Date.now(), url, project }));
    if (app.host) {
      startFollowing(closers, app.host, { alone: state.alone, log });
      await app.worker.start();
      app.batchWorker.start();
    }
    if (json) result({ url }, () => '');
    log.info('listening', { url });
    if (config.databaseUrl !== undefined && !config.blobBucket) log.info(ownBlobs, { folder: stateFolder });
    await stopped;
    log.info('stopping');
    await closers[Symbol.asyncDispose]();
  });
  return endProcess(0);
}

const ownBlobs =
  'model files are kept on this machine: to share them with other servers of the database, set MODELYARD_BLOBS=s3://bucket/folder';

/** @throws PlatformError CONFIG_INVALID for params without a project */
function refuseSet(set: readonly string[] = []): void {
  if (set.length === 0) return;
  throw new PlatformError('CONFIG_INVALID', {
    field: '--set',
    value: set,
    remedy: 'Params belong to a project: name its folder with --project.',
  });
}

function flagsOf({ port, state }: Config): { readonly port: string; readonly state?: string } {
  return { port: String(port), ...(state !== undefined && { state }) };
}
