import { once } from 'node:events';
import { createServer } from 'node:net';
import { access, constants, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PlatformError } from '../kernel/errors.ts';
import { formatBytes } from '../kernel/units.ts';
import { bucketFindings } from './bucket-findings.ts';
import { listen } from './listen.ts';
import type { Config } from './config.ts';
import { readMirror } from './mirror-config.ts';
import { formatBacklog, locateMirrorState, readMirrorStatus } from './mirror-status.ts';
import { readOidc } from './oidc-config.ts';
import { ownVersion } from './own-version.ts';
import { findServer } from './server-info.ts';
import { openIssuerOf } from './sign-in.ts';
import { paint, type Terminal } from './terminal.ts';
import { findWorkspace, type Workspace } from './workspace.ts';
import type { CommandContext } from './command-context.ts';
import type { ExitCode } from './exit-codes.ts';

export interface Finding {
  readonly what: string;
  readonly good: boolean;
  readonly found: string;
}

/** `modelyard doctor`: looks at everything that a start needs, and reports what it found. */
export async function reportHealth(context: CommandContext): Promise<ExitCode> {
  const findings = await examine(context);
  context.result(findings, () =>
    findings.map((finding) => findingText(finding, context.terminal)).join('\n'),
  );
  return findings.every(({ good }) => good) ? 0 : 1;
}

function findingText({ what, good, found }: Finding, terminal: Terminal): string {
  return `${good ? paint('✓', 'green', terminal) : paint('✗', 'red', terminal)} ${what.padEnd(10)} ${found}`;
}

async function examine({ config, env }: CommandContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [
    {
      what: 'modelyard',
      good: true,
      found: `${ownVersion()} on Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    },
  ];
  findings.push(...(await signInFindings(env)));
  findings.push(...(await bucketFindings(env)));
  findings.push(await mirrorFinding(config, env));
  let workspace: Workspace;
  try {
    workspace = findWorkspace(config, process.cwd());
  } catch (error) {
    return [
      ...findings,
      { what: 'project', good: false, found: error instanceof Error ? error.message : String(error) },
    ];
  }
  findings.push({ what: 'project', good: true, found: workspace.configPath });
  findings.push(await stateFinding(workspace));
  const server = await findServer(workspace.stateFolder);
  if (server)
    findings.push({
      what: 'server',
      good: true,
      found: `${server.url} serves ${server.project} (process ${server.pid})`,
    });
  else findings.push(await portFinding(config.port));
  for (const module of ['libsql', '@duckdb/node-api', 'esbuild']) findings.push(await moduleFinding(module));
  return findings;
}

/** Where people sign in, if the environment says so. */
async function signInFindings(env: CommandContext['env']): Promise<readonly Finding[]> {
  try {
    const oidc = readOidc(env);
    if (!oidc) return [];
    await (await openIssuerOf(oidc)).reach();
    const found = `${oidc.issuer} answers; ${oidc.roles.size} values of ${oidc.claim} stand for roles`;
    return [{ what: 'sign-in', good: true, found }];
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return [{ what: 'sign-in', good: false, found: error.message }];
  }
}

/** Whether a mirror is set, reachable and up to date. */
async function mirrorFinding(config: Config, env: CommandContext['env']): Promise<Finding> {
  const what = 'mirror';
  try {
    const mirror = readMirror(env);
    if (!mirror) return { what, good: true, found: 'none (MODELYARD_MIRROR is not set)' };
    const { url, fault, ...backlog } = await readMirrorStatus(mirror, locateMirrorState(config, env));
    const good = fault === undefined && backlog.refused === 0;
    return {
      what,
      good,
      found: `${url} ${fault === undefined ? 'is reachable' : `fails: ${fault}`}; ${formatBacklog(backlog)}`,
    };
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { what, good: false, found: error.message };
  }
}

async function stateFinding({ stateFolder }: Workspace): Promise<Finding> {
  const database = await stat(join(stateFolder, 'modelyard.db')).catch(() => undefined);
  const existing = await nearestExisting(stateFolder);
  const isFolder = (await stat(existing)).isDirectory();
  const isWritable = await access(existing, constants.W_OK).then(
    () => true,
    () => false,
  );
  const good = isFolder && isWritable;
  const size = database ? `database of ${formatBytes(database.size)}` : 'nothing kept yet';
  const fault = `${existing} is ${isFolder ? 'not writable' : 'no folder'}: name another with --state or MODELYARD_STATE`;
  return { what: 'state', good, found: `${stateFolder}, ${good ? size : fault}` };
}

/** The path, or the nearest above it that is there. */
async function nearestExisting(path: string): Promise<string> {
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere || path === dirname(path) ? path : nearestExisting(dirname(path));
}

async function portFinding(port: number): Promise<Finding> {
  const server = createServer();
  const probe = async (address: { readonly host: string; readonly port: number }): Promise<string> => {
    server.listen(address);
    await once(server, 'listening');
    return address.host;
  };
  try {
    await listen({ listen: probe }, { port });
    return { what: 'server', good: true, found: `none runs; port ${port} is free` };
  } catch (error) {
    return {
      what: 'server',
      good: false,
      found: error instanceof PlatformError ? error.message : String(error),
    };
  } finally {
    server.close();
  }
}

async function moduleFinding(module: string): Promise<Finding> {
  try {
    await import(module);
    return { what: module, good: true, found: 'loads' };
  } catch (error) {
    return { what: module, good: false, found: `does not load (${String(error)}): run npm install again` };
  }
}
