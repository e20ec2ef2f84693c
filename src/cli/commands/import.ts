import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MlflowCredentials } from '../../adapters/mlflow/client.ts';
import { openMlflowSource } from '../../adapters/mlflow/sources/open.ts';
import { sqlRegistryImport } from '../../adapters/sql/import/import-registry.ts';
import { sqlImportStore } from '../../adapters/sql/import/import-store.ts';
import { importMlflow } from '../../exchange/import/import.ts';
import type { ImportReport } from '../../exchange/import/report.ts';
import { systemClock } from '../../kernel/clock.ts';
import { openClosers } from '../../kernel/closers.ts';
import { type Flags, readServerConfig } from '../config.ts';
import { formatImport } from '../format-import.ts';
import { terminalLog } from '../log.ts';
import { openState } from '../state.ts';
import { paint, type Terminal } from '../terminal.ts';
import type { ExitCode } from './context.ts';

export interface ImportFlags extends Flags {
  readonly json?: boolean;
  /** The names of experiments to import. @default all */
  readonly experiment?: readonly string[];
  /** @default true */
  readonly artifacts?: boolean;
  /** The folder that the server names 'mlflow-artifacts:/'. */
  readonly artifactsFrom?: string;
}

export interface ImportContext {
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
}

/** `modelyard import mlflow`: imports another tracking server into the state that `modelyard server` serves. */
export async function importCommand(
  source: string,
  flags: ImportFlags,
  { env, terminal }: ImportContext,
): Promise<ExitCode> {
  const report = await importInto(source, flags, { env, terminal });
  terminal.out(flags.json ? JSON.stringify(report, null, 2) : formatImport(report));
  return 0;
}

async function importInto(
  address: string,
  flags: ImportFlags,
  { env, terminal }: ImportContext,
): Promise<ImportReport> {
  await using closers = openClosers();
  const { state: stateFolder, databaseUrl, bucket } = readServerConfig(flags, env);
  const state = await openState(closers, {
    stateFolder: resolve(stateFolder),
    databaseUrl,
    bucket,
    holder: 'modelyard import',
    log: terminalLog(terminal),
  });
  const source = closers.add(
    await openMlflowSource(address, {
      credentials: credentialsIn(env),
      served: flags.artifactsFrom,
      retry: { random: state.random, sleep: (milliseconds) => sleep(milliseconds) },
    }),
  );
  const { experiment, artifacts = true } = flags;
  return await importMlflow(
    source,
    {
      store: sqlImportStore(state.database),
      registry: sqlRegistryImport(state.database),
      artifacts: state.mlflow.services.artifacts,
      now: systemClock,
    },
    {
      ...(experiment && { experiments: experiment }),
      artifacts,
      onProgress: (line) => terminal.err(`${paint(line, 'dim', terminal)}\n`),
    },
  );
}

/** As MLflow's client reads them: a token first, then a user name and password. */
function credentialsIn(env: NodeJS.ProcessEnv): MlflowCredentials | undefined {
  const token = env['MLFLOW_TRACKING_TOKEN'];
  const username = env['MLFLOW_TRACKING_USERNAME'];
  if (token) return { kind: 'token', token };
  return username
    ? { kind: 'password', username, password: env['MLFLOW_TRACKING_PASSWORD'] ?? '' }
    : undefined;
}
