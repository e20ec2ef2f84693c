import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';

const run = promisify(execFile);

/** The time that a server may take to answer after its start. A killed one reads its log first. */
const patience = 60_000;
const betweenQuestions = 50;

/** A PostgreSQL server for one test. Disposal stops it and deletes its data. */
export interface PostgresServer extends AsyncDisposable {
  /** Connects as its superuser to the database 'postgres', over TCP. */
  readonly url: string;
  readonly port: number;
  /** Like a power cut: no process of the server writes anything more. */
  readonly kill: () => Promise<void>;
  /** Starts it again on the same data and port. */
  readonly start: () => Promise<void>;
}

/** The folder with the programs of the newest PostgreSQL, if there is one. */
export function postgresPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : [];
  const path = (process.env['PATH'] ?? '').split(':').filter(Boolean);
  const folders = [...versions.map((version) => join(debian, version, 'bin')), ...path];
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))));
}

/** Creates a database cluster and starts its server, as the user postgres if this process is root's. */
export async function startPostgres(programs: string): Promise<PostgresServer> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-postgres-'));
  const user = await serverUser();
  if (user) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  const data = join(folder, 'data');
  const setup = ['--pgdata', data, '--username', 'modelyard', '--encoding', 'UTF8', '--locale', 'C.UTF-8'];
  const auth = ['--auth-local', 'peer', '--auth-host', 'scram-sha-256', '--pwfile', join(folder, 'password')];
  const password = randomBytes(12).toString('hex');
  await writeFile(join(folder, 'password'), password);
  if (user) await chown(join(folder, 'password'), user.uid, user.gid);
  await run(join(programs, 'initdb'), [...setup, ...auth], { ...user, cwd: folder });
  const port = await freePort();
  const args = ['-D', data, '-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1'];
  const url = `postgres://modelyard:${password}@127.0.0.1:${port}/postgres`;
  let server: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    server = spawn(join(programs, 'postgres'), args, { ...user, cwd: folder, stdio: 'ignore' });
    await answering(url, server);
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    if (signal === 'SIGKILL') await killTree(server);
    else server.kill(signal);
    await gone;
  };
  await start();
  return {
    url,
    port,
    start,
    kill: () => end('SIGKILL'),
    async [Symbol.asyncDispose]() {
      await end('SIGINT');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Server processes have sessions of their own: stop the first, so that it starts no more, and kill all. */
async function killTree({ pid = 0 }: ChildProcess): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  const listed = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const children = listed.split(' ').map(Number).filter(Boolean);
  for (const child of [...children, pid])
    try {
      process.kill(child, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
}

/** initdb and postgres refuse to run as root. */
async function serverUser(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await run('id', [which, 'postgres'])).stdout)),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

async function answering(url: string, server: ChildProcess): Promise<void> {
  for (const end = Date.now() + patience; ;) {
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (server.exitCode !== null || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, betweenQuestions));
    }
  }
}
