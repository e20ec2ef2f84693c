import { once } from 'node:events';
import { createServer } from 'node:net';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { bucketFindings } from './bucket-findings.ts';
import { listen } from '../server/listen.ts';
import type { Config } from '../config/config.ts';
import { readMirror } from '../config/mirror-config.ts';
import { examineState } from './examine-state.ts';
import {
  databaseIn,
  formatBacklog,
  locateState,
  readMirrorStatus,
  type StateLocation,
} from './mirror-status.ts';
import { pythonFindings } from './python-findings.ts';
import { readOidc } from '../config/oidc-config.ts';
import { packageVersion } from '../host/package-version.ts';
import { findServer } from '../server/server-info.ts';
import { openIssuerOf } from '../server/sign-in.ts';
import { paint, type Terminal } from '../output/terminal.ts';
import { findWorkspace, type Workspace } from '../config/workspace.ts';
import type { CommandContext } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';

export interface Finding {
  readonly what: string;
  readonly good: boolean;
  readonly found: string;
}

/** `modelyard doctor`: looks at everything that a start needs, and reports what it found. */
export async function reportHealth(context: CommandContext): Promise<ExitCode> {
  const findings = await examine(context);
  const width = Math.max(...findings.map(({ what }) => what.length));
  context.result(findings, () =>
    findings.map((finding) => formatFinding(finding, width, context.terminal)).join('\n'),
  );
  return findings.every(({ good }) => good) ? 0 : 1;
}

function formatFinding({ what, good, found }: Finding, width: number, terminal: Terminal): string {
  return `${good ? paint('✓', 'green', terminal) : paint('✗', 'red', terminal)} ${what.padEnd(width)} ${found}`;
}

async function examine({ config, env }: CommandContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [
    {
      what: 'modelyard',
      good: true,
      found: `${packageVersion()} on Node ${process.versions.node}, ${process.platform} ${process.arch}`,
    },
  ];
  findings.push(...(await signInFindings(env)));
  findings.push(...(await bucketFindings(env)));
  findings.push(await mirrorFinding(config, env));
  findings.push(...(await pythonFindings(env)));
  const project = findProject(config);
  const location = locateState(
    { ...config, project: project instanceof PlatformError ? undefined : config.project },
    env,
  );
  findings.push(await projectFinding(project, config, location));
  findings.push(await stateFinding(location), ...(await examineState(location, env)));
  const server = await findServer(location.stateFolder);
  if (server)
    findings.push({
      what: 'server',
      good: true,
      found: `${server.url} serves ${server.project ?? 'tracking and registry'} (process ${server.pid})`,
    });
  else findings.push(await portFinding(config.port));
  for (const module of ['libsql', '@duckdb/node-api', 'esbuild']) findings.push(await moduleFinding(module));
  return findings;
}

function findProject(config: Config): Workspace | PlatformError {
  try {
    return findWorkspace(config, process.cwd());
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
}

/** A server without a project needs none: it is only missing if there is no state of a server either. */
async function projectFinding(
  project: Workspace | PlatformError,
  { project: path }: Config,
  location: StateLocation,
): Promise<Finding> {
  const what = 'project';
  if (!(project instanceof PlatformError)) return { what, good: true, found: project.configPath };
  const good = path === undefined && (await databaseIn(location)) !== undefined;
  return {
    what,
    good,
    found: good ? 'none here; the state below is that of modelyard server' : project.message,
  };
}

/** Where people sign in, if the environment says so. */
async function signInFindings(env: CommandContext['env']): Promise<readonly Finding[]> {
  try {
    const oidc = readOidc(env);
    if (!oidc) return [];
    await (await openIssuerOf(oidc)).reach();
    const found = `${oidc.issuer} responds; ${oidc.roles.size} values of ${oidc.claim} have a role`;
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
    if (!mirror) return { what, good: true, found: 'off: MODELYARD_MIRROR is not set' };
    const { url, fault, ...backlog } = await readMirrorStatus(mirror, locateState(config, env));
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

async function stateFinding({ stateFolder }: StateLocation): Promise<Finding> {
  const existing = await nearestExisting(stateFolder);
  const isFolder = (await stat(existing)).isDirectory();
  const isWritable = await access(existing, constants.W_OK).then(
    () => true,
    () => false,
  );
  const good = isFolder && isWritable;
  const fault = `${existing} is not ${isFolder ? 'writable' : 'a folder'}: choose another with --state or MODELYARD_STATE`;
  return { what: 'state', good, found: good ? stateFolder : fault };
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
    return { what: 'server', good: true, found: `not running; port ${port} is free` };
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
    return { what: module, good: false, found: `cannot be loaded (${String(error)}): run npm install again` };
  }
}
