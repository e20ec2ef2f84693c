/**
 * Runs a command with MODELYARD_COMPAT_POSTGRES set to a PostgreSQL server that runs only for this command:
 * npx tsx test/compat/with-postgres.ts npm run test:compat
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { postgresPrograms, startPostgres } from './postgres-server.ts';

const [command = 'true', ...args] = process.argv.slice(2);
const programs = postgresPrograms();
if (programs === undefined) throw new TypeError('no PostgreSQL here: apt-get install postgresql');
await using server = await startPostgres(programs);
const child = spawn(command, args, {
  stdio: 'inherit',
  env: { ...process.env, MODELYARD_COMPAT_POSTGRES: server.url },
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
const [code] = await once(child, 'exit');
process.exitCode = typeof code === 'number' ? code : 1;
