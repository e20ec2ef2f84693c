#!/usr/bin/env node
import { Command, CommanderError, Option } from 'commander';
import { PlatformError, formatDetail } from '../kernel/errors.ts';
import type { CommandContext, ExitCode } from './commands/context.ts';
import type { MirrorFlags } from './commands/mirror.ts';
import type { ImportFlags } from './commands/import.ts';
import { type Flags, readConfig } from './config.ts';
import { addRecordCommands } from './record-program.ts';
import { paint, processTerminal } from './terminal.ts';
import { ownVersion } from './own-version.ts';

const terminal = processTerminal(process.env);

type Action = (context: CommandContext) => Promise<ExitCode>;

/** Commands load what they need when they are called, so that `--help` is there at once. */
async function perform(command: Command, action: Action): Promise<void> {
  const { json = false, ...flags } = command.optsWithGlobals<Flags & { readonly json?: boolean }>();
  process.exitCode = await action({
    config: readConfig(flags, process.env),
    env: process.env,
    terminal,
    json,
  });
}

function program(): Command {
  const root = new Command('modelyard')
    .description('From raw data to a monitored prediction: one typed project file, one process.')
    .version(ownVersion())
    .option(
      '--project <path>',
      'the project: a folder with modelyard.config.ts, or the file (MODELYARD_PROJECT)',
    )
    .option('--state <folder>', 'where data, models and runs are kept (MODELYARD_STATE)')
    .addOption(new Option('--json', 'print results as JSON'))
    .showHelpAfterError('(modelyard --help lists the commands)')
    .exitOverride();
  root
    .command('dev')
    .description('run the project, serve its endpoints and pages, and run again on every change')
    .option('--port <number>', 'where to listen on 127.0.0.1 (MODELYARD_PORT)')
    .addHelpText(
      'after',
      '\nExamples:\n  modelyard dev\n  modelyard dev --project examples/t20-score --port 8080',
    )
    .action(async (_options, command: Command) =>
      perform(command, async (context) => (await import('./commands/dev.ts')).devCommand(context)),
    );
  root
    .command('server')
    .description('serve tracking and registry to a team: any MLflow client works with it')
    .option('--port <number>', 'where to listen (MODELYARD_PORT)')
    .option(
      '--host <address>',
      'on which address; other than this machine needs a token or an issuer (MODELYARD_HOST)',
    )
    .addHelpText(
      'after',
      '\nEnvironment:\n  MODELYARD_ADMIN_TOKEN  what callers send as bearer token, or as the password of any user\n  MODELYARD_OIDC_ISSUER  whose accounts people sign in with, by OpenID Connect; then also\n    MODELYARD_OIDC_CLIENT_ID, MODELYARD_OIDC_CLIENT_SECRET (absent: a public client)\n    MODELYARD_OIDC_ROLES     who is what: ml-team=contributor,ml-leads=maintainer,*=viewer (default: nobody)\n    MODELYARD_OIDC_CLAIM     the claim that these values are of (default: groups)\n    MODELYARD_OIDC_AUDIENCE  whom bearer tokens are for (default: the client id)\n  MODELYARD_PUBLIC_URL   where browsers find the server: https://models.example.org\n  MODELYARD_HOSTS        names by which the server is called, with commas\n  MODELYARD_WEBHOOK_HOSTS  receivers of webhooks beside public ones over https: localhost:8080,10.0.0.0/8\n  MODELYARD_DATABASE_URL postgres://…, instead of SQLite in the state folder\n  MODELYARD_ARTIFACTS    s3://bucket/folder, instead of the state folder (MODELYARD_S3_ENDPOINT: not Amazon)\n  MODELYARD_MIRROR       an MLflow server that every change is sent to: modelyard mirror --help\n\nExamples:\n  modelyard server\n  MODELYARD_ADMIN_TOKEN=… modelyard server --host 0.0.0.0 --port 5000\n  MLFLOW_TRACKING_URI=http://127.0.0.1:4310 python train.py',
    )
    .action(async (_options, command: Command) => {
      const flags = command.optsWithGlobals<Flags & { readonly host?: string }>();
      process.exitCode = await (await import('./commands/server.ts')).serverCommand(flags, process.env);
    });
  root
    .command('run')
    .argument('[target]', 'a source, step or model; everything when absent')
    .description('run what is out of date; everything else is a cache hit')
    .addHelpText(
      'after',
      '\nExamples:\n  modelyard run\n  modelyard run innings\n  modelyard run --json | jq .verdicts',
    )
    .action(async (target: string | undefined, _options, command: Command) =>
      perform(command, async (context) => (await import('./commands/run.ts')).runCommand(target, context)),
    );
  root
    .command('predict')
    .argument('<endpoint>', 'the model to ask')
    .argument('[request]', 'the request as JSON; the example of the endpoint when absent')
    .option('--file <path>', 'a file with the request, - for standard input')
    .description('ask the live version for a prediction')
    .addHelpText(
      'after',
      `\nExamples:\n  modelyard predict t20-score\n  modelyard predict t20-score '{"runs": 98, …}'\n  modelyard predict t20-score --json '{"runs": 98, …}' | jq .value\n  cat request.json | modelyard predict t20-score --file -`,
    )
    .action(
      async (
        endpoint: string,
        request: string | undefined,
        ...[{ file }, command]: [{ readonly file?: string }, Command]
      ) =>
        perform(command, async (context) =>
          (await import('./commands/predict.ts')).predictCommand({ endpoint, request, file }, context),
        ),
    );
  const models = root
    .command('models')
    .description('list versions, aliases and verdicts')
    .addHelpText('after', '\nExamples:\n  modelyard models\n  modelyard models --json')
    .action(async (_options, command: Command) =>
      perform(command, async (context) => (await import('./commands/models.ts')).modelsCommand(context)),
    );
  addRecordCommands(root, models, perform);
  root
    .command('explain')
    .argument('<prediction-id>', 'the id that a prediction answered with')
    .description('trace a prediction to its version, run, steps, datasets and raw bytes')
    .addHelpText(
      'after',
      '\nExamples:\n  modelyard explain 0196f3a2-…\n  modelyard explain 0196f3a2-… --json',
    )
    .action(async (id: string, _options, command: Command) =>
      perform(command, async (context) =>
        (await import('./commands/explain.ts')).explainCommand(id, context),
      ),
    );
  root
    .command('init')
    .argument('<name>', 'the project, and the folder that is made for it')
    .option('--csv <file>', 'a CSV file of yours to start from')
    .option('--target <column>', 'the column to predict; the last column of numbers when absent')
    .description('make a small project of your own that runs at once')
    .addHelpText(
      'after',
      '\nExamples:\n  modelyard init houses\n  modelyard init houses --csv sales.csv --target price',
    )
    .action(
      async (name: string, options: { readonly csv?: string; readonly target?: string }, command: Command) =>
        perform(command, async (context) =>
          (await import('./commands/init.ts')).initCommand(name, options, context),
        ),
    );
  root
    .command('import')
    .description('import another tracking server')
    .command('mlflow')
    .argument('<source>', 'address of an MLflow server, its SQLite file, or an mlruns folder')
    .option(
      '--experiment <name>',
      'import only this experiment and the versions of its runs; can be repeated',
      (name: string, others: readonly string[]) => [...others, name],
      [],
    )
    .option('--no-artifacts', 'do not copy artifacts')
    .option(
      '--artifacts-from <folder>',
      "artifact folder of the server, for a SQLite file or folder (default: 'mlartifacts' beside it)",
    )
    .description('import experiments, runs, artifacts and the registry of an MLflow server')
    .addHelpText(
      'after',
      '\nImports into the state that modelyard server serves (--state, MODELYARD_DATABASE_URL, MODELYARD_ARTIFACTS). Stop the\nserver first. Run the command again to resume an interrupted import, or to import later changes.\n\nEnvironment:\n  MLFLOW_TRACKING_TOKEN     bearer token for the MLflow server, or\n  MLFLOW_TRACKING_USERNAME  user name, with MLFLOW_TRACKING_PASSWORD\n\nExamples:\n  modelyard import mlflow http://mlflow.example:5000\n  modelyard import mlflow mlflow.db --experiment churn --experiment prices\n  modelyard import mlflow ./mlruns --state /var/lib/modelyard --json | jq .differences',
    )
    .action(async (source: string, _options, command: Command) => {
      const flags = command.optsWithGlobals<ImportFlags>();
      const { importCommand } = await import('./commands/import.ts');
      process.exitCode = await importCommand(source, flags, { env: process.env, terminal });
    });
  root
    .command('mirror')
    .description('show waiting and refused changes of the mirror')
    .option('--retry', 'send refused changes again')
    .option('--send', 'send waiting changes now; stop the server first')
    .addHelpText(
      'after',
      '\nEnvironment:\n  MODELYARD_MIRROR           address of the MLflow server that every change is sent to: https://…\n  MODELYARD_MIRROR_TOKEN     its bearer token, or\n  MODELYARD_MIRROR_USERNAME  user name, with MODELYARD_MIRROR_PASSWORD\n  MODELYARD_MIRROR_PREFIX    prefix for experiment names there: /Shared/ for Databricks\n\nExamples:\n  modelyard mirror\n  modelyard mirror --retry\n  modelyard mirror --json | jq .waiting',
    )
    .action(async (flags: MirrorFlags, command: Command) =>
      perform(command, async (context) =>
        (await import('./commands/mirror.ts')).mirrorCommand(flags, context),
      ),
    );
  root
    .command('doctor')
    .description('say what is configured, what is reachable and what is missing')
    .addHelpText('after', '\nExamples:\n  modelyard doctor\n  modelyard doctor --json')
    .action(async (_options, command: Command) =>
      perform(command, async (context) => (await import('./commands/doctor.ts')).doctorCommand(context)),
    );
  return root;
}

/** 0 done, 1 failed, 2 called wrongly. */
function tell(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof PlatformError)) throw error;
  if (process.argv.includes('--json')) terminal.out(JSON.stringify({ error: error.toJSON() }, null, 2));
  terminal.err(`${paint('error:', 'red', terminal)} ${error.message}\n`);
  for (const detail of error.detail.more ?? []) terminal.err(`       ${formatDetail(detail)}\n`);
  return error.code === 'CONFIG_INVALID' ? 2 : 1;
}

/** Whoever reads the output may have read enough. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode);
});

try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = tell(error);
}
