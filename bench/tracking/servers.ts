import { join } from 'node:path';
import { product } from '../folders.ts';
import { peerPrograms } from '../peer-python.ts';
import { freePort, type Server, type ServerCommand, startServer } from '../processes.ts';
import type { Sides } from '../samples.ts';
import { type Api, openApi } from './api.ts';

export interface TrackingServer extends Server {
  readonly api: Api;
}

/** Starts a server with the data of its last run. */
export type Start = () => Promise<TrackingServer>;

/** Our built server, with its database in `folder`. */
export function ourServer(folder: string): Start {
  return async () => {
    const port = await freePort();
    const args = [product, 'server', '--state', join(folder, 'ours'), '--port', String(port)];
    return opened(port, { command: process.execPath, args, cwd: folder });
  };
}

/** Both servers. MLflow's has one worker, SQLite, and no job processes, which would slow it down. */
export async function bothServers(folder: string): Promise<Sides<Start>> {
  const programs = await peerPrograms();
  return {
    ours: ourServer(folder),
    async peer() {
      const port = await freePort();
      const args = ['server', '--host', '127.0.0.1', '--port', String(port), '--workers', '1'];
      args.push('--backend-store-uri', `sqlite:///${join(folder, 'mlflow.db')}`);
      args.push('--artifacts-destination', join(folder, 'artifacts'));
      const env = { MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false', MLFLOW_DISABLE_TELEMETRY: 'true' };
      const command = join(programs, 'mlflow');
      return opened(port, { command, args, cwd: folder, env });
    },
  };
}

/** FastTrackML's server, on SQLite. */
export async function fastTrackServer(folder: string): Promise<Start> {
  const command = join(await peerPrograms('fasttrackml'), 'fml');
  return async () => {
    const port = await freePort();
    const args = ['server', '--listen-address', `127.0.0.1:${port}`, '--log-level', 'warn'];
    args.push('--database-uri', `sqlite://${join(folder, 'fasttrackml.db')}`);
    args.push('--default-artifact-root', join(folder, 'fasttrackml-artifacts'));
    return opened(port, { command, args, cwd: folder });
  };
}

async function opened(port: number, command: Omit<ServerCommand, 'health'>): Promise<TrackingServer> {
  const url = `http://127.0.0.1:${port}`;
  const server = await startServer({ ...command, health: `${url}/health` });
  const api = openApi(url);
  return {
    ...server,
    api,
    async [Symbol.asyncDispose]() {
      api[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
