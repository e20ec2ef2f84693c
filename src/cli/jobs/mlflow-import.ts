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
import { readServerConfig } from '../config/config.ts';
import { formatImport } from '../output/format-import.ts';
import { terminalLog } from '../output/log.ts';
import { openState } from '../host/state.ts';
import { paint } from '../output/terminal.ts';
import type { CommandContext } from '../command-context.ts';
import type { ExitCode } from '../exit-codes.ts';

export interface ImportInput {
  readonly source: string;
  /** The names of experiments to import. @default all */
  readonly experiment: readonly string[] | undefined;
  readonly artifacts: boolean;
  /** The folder that the server names 'mlflow-artifacts:/'. */
  readonly artifactsFrom: string | undefined;
}

/** `modelyard import mlflow`: imports another tracking server into the state that `modelyard server` serves. */
export async function importInto(input: ImportInput, context: CommandContext): Promise<ExitCode> {
  const report = await importFrom(input, context);
  context.result(report, () => formatImport(report));
  return 0;
}

async function importFrom(
  { source: address, experiment, artifacts, artifactsFrom }: ImportInput,
  { config, env, terminal }: CommandContext,
): Promise<ImportReport> {
  await using closers = openClosers();
  const flags = config.state === undefined ? {} : { state: config.state };
  const { state: stateFolder, databaseUrl, bucket, blobBucket, cacheLimit } = readServerConfig(flags, env);
  const state = await openState(closers, {
    stateFolder: resolve(stateFolder),
    databaseUrl,
    bucket,
    blobBucket,
    cacheLimit,
    holder: 'modelyard import',
    log: terminalLog(terminal),
  });
  const source = closers.add(
    await openMlflowSource(address, {
      credentials: credentialsIn(env),
      served: artifactsFrom,
      retry: { random: state.random, sleep: (milliseconds) => sleep(milliseconds) },
    }),
  );
  return await importMlflow(
    source,
    {
      store: sqlImportStore(state.database),
      registry: sqlRegistryImport(state.database),
      artifacts: state.mlflow.artifacts,
      now: systemClock,
    },
    {
      ...(experiment && { experiments: experiment }),
      artifacts,
      onProgress: (line) => terminal.quiet || terminal.err(`${paint(line, 'dim', terminal)}\n`),
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
