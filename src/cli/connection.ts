import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import { createClient } from '../client/index.ts';
import { silentLog } from '../kernel/log.ts';
import { silentMeter } from '../kernel/meter.ts';
import type { Config } from './config.ts';
import { openRuntime } from './runtime.ts';
import { findServer } from './server-info.ts';
import { findWorkspace } from './workspace.ts';

/** A command is done before its mirror is: the rest is sent by the next one. In milliseconds. */
const longestDrain = 10_000;

/** The operations of a project, by a server that runs or by opening its state here; a command cannot tell which. */
export interface Connection extends AsyncDisposable {
  readonly project: string;
  readonly operations: Operations;
  /** @returns what ends it */
  onEvent(listener: (event: ServerEvent) => void): () => void;
}

/** @throws PlatformError as `openRuntime` */
export async function connect(config: Config, env: NodeJS.ProcessEnv): Promise<Connection> {
  const workspace = findWorkspace(config, process.cwd());
  const server = await findServer(workspace.stateFolder);
  if (server) {
    const client = createClient(server.url);
    return {
      project: server.project,
      operations: client,
      onEvent(listener) {
        const subscription = client.events(server.project, listener);
        return () => subscription.close();
      },
      async [Symbol.asyncDispose]() {},
    };
  }
  const runtime = await openRuntime({
    holder: 'a modelyard command',
    workspace,
    log: silentLog,
    meter: silentMeter,
    env,
    drain: longestDrain,
  });
  return {
    project: runtime.project().plan.project.name,
    operations: runtime.operationsFor({ key: 'command line', protocol: 'command line' }),
    onEvent: (listener) => runtime.events.subscribe(listener),
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  };
}
