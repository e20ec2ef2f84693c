import type { JobView } from '../../api/job-views.ts';
import type { ServerEvent } from '../../api/views.ts';
import { projectNotices } from '../../app/project-notices.ts';
import { openMeter } from '../../http/metrics/meter.ts';
import { createServer } from '../../http/native/server.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { openClosers } from '../../kernel/closers.ts';
import type { Trigger } from '../../pipeline/job.ts';
import { servedModels } from '../../project/project.ts';
import { type App, buildApp } from '../host/build-app.ts';
import type { CommandContext, ConnectOptions } from '../command-context.ts';
import { readStoreConfig } from '../config/config.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { ProjectHost } from '../host/host.ts';
import { formatError } from '../output/format-error.ts';
import { listen } from './listen.ts';
import { terminalLog } from '../output/log.ts';
import { jobText } from '../output/outcome.ts';
import { continueWithoutReader } from '../output/lost-reader.ts';
import { pagesFolder } from './pages.ts';
import { reportLosses } from '../jobs/prediction-losses.ts';
import { withProgress } from '../output/progress.ts';
import { readinessOf } from '../host/readiness.ts';
import { announceServer } from './server-info.ts';
import { openState } from '../host/state.ts';
import { endProcess, stopSignal } from './stop-signal.ts';
import { showNotices } from '../output/notices.ts';
import { paint, type Terminal } from '../output/terminal.ts';
import { openWatcher } from '../host/watch.ts';
import { startBackground, startFollowing } from '../host/workers.ts';
import { findWorkspace } from '../config/workspace.ts';

/** `modelyard dev`: pipeline, endpoints and pages in one process, until a signal stops it. A change of the project runs it again. */
export async function startDev(context: CommandContext, options: ConnectOptions): Promise<ExitCode> {
  await serveProject(context, options);
  return endProcess(0);
}

async function serveProject(
  { config, env, terminal, json, result }: CommandContext,
  { set }: ConnectOptions,
): Promise<void> {
  const workspace = findWorkspace(config, process.cwd());
  const { stateFolder } = workspace;
  const log = terminalLog(terminal);
  const meter = openMeter();
  continueWithoutReader();
  const stopped = stopSignal();
  const stores = readStoreConfig(env);
  await using closers = openClosers();
  const state = await openState(closers, {
    ...stores,
    stateFolder,
    holder: 'modelyard dev',
    log,
    predictionLog: reportLosses(log, meter),
  });
  await startBackground(closers, state, { log, mirror: stores.mirror && { ...stores.mirror, meter } });
  const app = await buildApp(closers, state, { workspace, log, meter, env, set, runs: true });
  const { host, events, operationsFor } = app;
  if (!host) throw new TypeError('dev hosts a project');
  const server = await createServer({
    operationsFor,
    events,
    meter,
    log,
    ready: readinessOf(app.dependencies, host),
    mlflow: state.mlflow,
    pages: pagesFolder,
  });
  closers.defer(() => server.close());
  const url = await listen(server, { port: config.port });
  const { name } = host.project().plan.project;
  const info = { pid: process.pid, startedAt: Date.now(), url, project: name };
  closers.add(await announceServer(stateFolder, info));
  if (json) result({ url, project: name }, () => '');
  showAddresses(host, url, terminal);
  startFollowing(closers, host, { alone: state.alone, log });
  await app.worker.start();
  app.batchWorker.start();
  const runs = runOnChange({ ...app, host }, terminal);
  await stopped;
  if (!terminal.quiet) terminal.err('\nstopping\n');
  await runs.end();
}

function showAddresses(host: ProjectHost, url: string, terminal: Terminal): void {
  const { project } = host.project().plan;
  const line = (what: string, address: string): string =>
    `  ${what.padEnd(10)} ${paint(address, 'cyan', terminal)}`;
  terminal.out(
    [
      '',
      `${paint(project.title, 'bold', terminal)}`,
      line('project', `${url}/projects/${project.name}`),
      ...servedModels(project).map(({ name }) => line('predict', `${url}/apps/${name}`)),
      '  Ctrl-C stops.',
      '',
    ].join('\n'),
  );
}

type HostingApp = App & { readonly host: ProjectHost };

/** Runs now and after every change of the project's files, one run at a time. */
function runOnChange(app: HostingApp, terminal: Terminal): { end(): Promise<void> } {
  const { host } = app;
  let ended = false;
  const failed = (error: unknown): void =>
    terminal.err(`${paint('error:', 'red', terminal)} the change was not run: ${String(error)}\n`);
  const watcher = openWatcher(() => (turn = turn.then(change).catch(failed)));
  const look = (): void =>
    watcher.watch({ files: host.files(), neighbours: host.project().problem !== undefined });
  const change = async (): Promise<void> => {
    if (ended) return;
    await host.reload();
    if (ended) return;
    look();
    const { problem } = host.project();
    if (problem)
      terminal.err(`${formatError(problem, terminal)}\nThe server keeps the last project that loaded.\n`);
    else await run(app, { kind: 'code' }, terminal);
    if (!ended) look();
  };
  look();
  // The check of the types, which a run waits for, finds files that only have types.
  let turn = run(app, { kind: 'start' }, terminal)
    .then(() => ended || look())
    .catch(failed);
  return {
    async end() {
      ended = true;
      watcher[Symbol.dispose]();
      await app.worker[Symbol.asyncDispose]();
      // A run of another that waits in the queue does not end any more.
      await Promise.race([turn, new Promise((resolve) => setImmediate(resolve))]);
    },
  };
}

async function run(app: HostingApp, trigger: Trigger, terminal: Terminal): Promise<void> {
  const startedAt = Date.now();
  const source = { onEvent: (listener: (event: ServerEvent) => void) => app.events.subscribe(listener) };
  const { plan } = app.host.project();
  const project = plan.project.name;
  showNotices(projectNotices(plan), terminal);
  try {
    const job = await withProgress(source, terminal, async (follow) => {
      const asked = await app.ask(project, trigger);
      follow(asked.id);
      return app.end(asked);
    });
    showJob(job, { took: Date.now() - startedAt, terminal });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    terminal.err(`${formatError(error, terminal)}\n`);
  }
}

function showJob(job: JobView, options: { readonly took: number; readonly terminal: Terminal }): void {
  const { terminal } = options;
  if (job.error) terminal.err(`${formatError(job.error, terminal)}\n`);
  else terminal.out(jobText(job, options));
}
