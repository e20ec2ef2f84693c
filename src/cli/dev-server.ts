import type { ServerEvent } from '../api/views.ts';
import { openMeter } from '../http/metrics/meter.ts';
import type { Readiness } from '../http/native/readiness.ts';
import { createServer } from '../http/native/server.ts';
import { PlatformError } from '../kernel/errors.ts';
import { listen } from './listen.ts';
import { terminalLog } from './log.ts';
import { openRuntime, type Runtime } from './runtime.ts';
import { endProcess, stopSignal } from './stop-signal.ts';
import { announceServer } from './server-info.ts';
import { paint, type Terminal } from './terminal.ts';
import { openWatcher } from './watch.ts';
import { findWorkspace } from './workspace.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';
import { outcomeText } from './outcome.ts';
import { pagesFolder } from './pages.ts';
import { withProgress } from './progress.ts';

/** `modelyard dev`: pipeline, endpoints and pages in one process, until it is told to stop; a change of the project runs it again. */
export async function startDev(context: CommandContext): Promise<ExitCode> {
  await serveProject(context);
  return endProcess(0);
}

async function serveProject({ config, env, terminal, json, result }: CommandContext): Promise<void> {
  const workspace = findWorkspace(config, process.cwd());
  const log = terminalLog(terminal);
  const meter = openMeter();
  const stopped = stopSignal();
  await using runtime = await openRuntime({ holder: 'modelyard dev', workspace, log, meter, env });
  const server = await createServer({
    operationsFor: (caller) => runtime.operationsFor(caller),
    events: runtime.events,
    meter,
    log,
    ready: () => readiness(runtime),
    mlflow: runtime.mlflow,
    pages: pagesFolder,
  });
  try {
    const url = await listen(server, { port: config.port });
    const { name } = runtime.project().plan.project;
    await using _info = await announceServer(workspace.stateFolder, {
      pid: process.pid,
      startedAt: Date.now(),
      url,
      project: name,
    });
    if (json) result({ url, project: name }, () => '');
    addresses(runtime, url, terminal);
    const runs = runOnChange(runtime, terminal);
    await stopped;
    if (!terminal.quiet) terminal.err('\nstopping\n');
    await runs.end();
  } finally {
    await server.close();
  }
}

/** Ready means that every endpoint has a version that answers. */
function readiness(runtime: Runtime): Readiness {
  const endpoints = [...runtime.project().endpoints.values()];
  const waitsFor = endpoints.filter((endpoint) => !endpoint.current()).map(({ name }) => name);
  const problems = endpoints.flatMap((endpoint) => endpoint.problem()?.message ?? []);
  return { ready: waitsFor.length === 0, waitsFor, ...(problems.length > 0 && { problems }) };
}

function addresses(runtime: Runtime, url: string, terminal: Terminal): void {
  const { project, models } = runtime.project().plan;
  const line = (what: string, address: string): string =>
    `  ${what.padEnd(10)} ${paint(address, 'cyan', terminal)}`;
  terminal.out(
    [
      '',
      `${paint(project.title, 'bold', terminal)}`,
      line('project', `${url}/projects/${project.name}`),
      ...[...models.keys()].map((model) => line('predict', `${url}/apps/${model}`)),
      '  Ctrl-C stops.',
      '',
    ].join('\n'),
  );
}

/** Runs now and after every change of the project's files, one run at a time. */
function runOnChange(runtime: Runtime, terminal: Terminal): { end(): Promise<void> } {
  let ended = false;
  const watcher = openWatcher(() => (turn = turn.then(change)));
  const look = (): void =>
    watcher.watch({ files: runtime.files(), neighbours: runtime.project().problem !== undefined });
  const change = async (): Promise<void> => {
    if (ended) return;
    await runtime.reload();
    if (ended) return;
    look();
    const { problem } = runtime.project();
    if (problem)
      terminal.err(
        `${paint('error:', 'red', terminal)} ${problem.message}\nThe last good project goes on.\n`,
      );
    else await run(runtime, 'file changed', terminal);
  };
  look();
  let turn = run(runtime, 'start', terminal);
  return {
    async end() {
      ended = true;
      watcher[Symbol.dispose]();
      await runtime.project().stop();
      await turn;
    },
  };
}

async function run(runtime: Runtime, why: string, terminal: Terminal): Promise<void> {
  const startedAt = Date.now();
  const source = { onEvent: (listener: (event: ServerEvent) => void) => runtime.events.subscribe(listener) };
  try {
    const outcome = await withProgress(source, terminal, () => runtime.project().run({ why }));
    terminal.out(outcomeText(outcome, { took: Date.now() - startedAt, terminal }));
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    terminal.err(`${paint('error:', 'red', terminal)} ${error.message}\n`);
  }
}
