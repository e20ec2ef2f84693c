import type { Command } from 'commander';
import type { AliasFlags } from './commands/aliases.ts';
import type { CommandContext, ExitCode } from './commands/context.ts';
import type { PurgeFlags } from './commands/purge.ts';
import type { MoveFlags, RunsFlags } from './commands/runs.ts';

/** Runs an action with what every command is given. */
export type Perform = (
  command: Command,
  action: (context: CommandContext) => Promise<ExitCode>,
) => Promise<void>;

const server = [
  '--server <address>',
  'a server to ask, by MODELYARD_TOKEN where it wants one (MODELYARD_SERVER)',
] as const;

/** The commands on runs and aliases, whoever made them. */
export function addRecordCommands(root: Command, models: Command, perform: Perform): void {
  addRuns(root, perform);
  addPurge(root, perform);
  addAliases(models, perform);
}

function addRuns(root: Command, perform: Perform): void {
  const runs = root
    .command('runs')
    .option(...server)
    .option('--filter <filter>', "MLflow's filter, with OR and parentheses")
    .option('--experiment <name...>', 'only of these experiments, by name or id')
    .option('--order-by <order...>', "'metrics.mae ASC'; the latest started first when absent")
    .option('--deleted', 'those that are deleted')
    .option('--limit <number>', 'how many', '20')
    .option('--offset <number>', 'how many to pass over', '0')
    .description('search runs of the pipeline and of MLflow clients')
    .addHelpText(
      'after',
      `\nExamples:\n  modelyard runs\n  modelyard runs --filter "metrics.mae < 15 OR tags.kind = 'baseline'" --order-by 'metrics.mae ASC'\n  modelyard runs --experiment churn --json | jq '.runs[].id'`,
    )
    .action(async (flags: RunsFlags, command: Command) =>
      perform(command, async (context) => (await import('./commands/runs.ts')).runsCommand(flags, context)),
    );
  runs
    .command('move')
    .argument('<experiment>', 'where to, by name or id')
    .argument('<runs...>', 'their ids')
    .option('--nested', 'what is nested in them goes along')
    .description('move runs to another experiment: all of them or none')
    .addHelpText('after', '\nExamples:\n  modelyard runs move churn 3f2a… 9b1c… --nested')
    .action(async (experiment: string, ids: readonly string[], ...[_flags, command]: [MoveFlags, Command]) =>
      perform(command, async (context) => {
        // `--server` is an option of the command around it, wherever it stands.
        const flags = command.optsWithGlobals<MoveFlags>();
        const { moveRunsCommand } = await import('./commands/runs.ts');
        return moveRunsCommand({ experiment, runs: ids }, flags, context);
      }),
    );
}

function addPurge(root: Command, perform: Perform): void {
  root
    .command('purge')
    .option(...server)
    .option('--older-than <age>', 'what was deleted so long ago; 30d when nothing is named')
    .option('--run <id...>', 'deleted runs')
    .option('--experiment <id...>', 'deleted experiments, with all in them')
    .option('--logged-model <id...>', 'deleted logged models')
    .option('--model <name...>', 'registered models that no alias points to')
    .option('--dry-run', 'only say what would go')
    .description('remove for good what was deleted, with its artifacts')
    .addHelpText(
      'after',
      '\nExamples:\n  modelyard purge --dry-run\n  modelyard purge --older-than 7d\n  modelyard purge --run 3f2a… --json',
    )
    .action(async (flags: PurgeFlags, command: Command) =>
      perform(command, async (context) => (await import('./commands/purge.ts')).purgeCommand(flags, context)),
    );
}

function addAliases(models: Command, perform: Perform): void {
  const alias = ['--alias <alias>', 'which alias', 'prod'] as const;
  const why = ['--why <text>', 'kept in the history'] as const;
  models
    .command('promote')
    .argument('<model>')
    .argument('<version>')
    .option(...server)
    .option(...alias)
    .option(...why)
    .description('move an alias to a version by hand')
    .addHelpText('after', '\nExamples:\n  modelyard models promote t20-score 7 --why "the new season"')
    .action(async (model: string, version: string, ...[flags, command]: [AliasFlags, Command]) =>
      perform(command, async (context) =>
        (await import('./commands/aliases.ts')).promoteCommand({ model, version }, flags, context),
      ),
    );
  models
    .command('rollback')
    .argument('<model>')
    .option(...server)
    .option(...alias)
    .option(...why)
    .description('move an alias back to the version that was live before')
    .addHelpText('after', '\nExamples:\n  modelyard models rollback t20-score')
    .action(async (model: string, flags: AliasFlags, command: Command) =>
      perform(command, async (context) =>
        (await import('./commands/aliases.ts')).rollbackCommand(model, flags, context),
      ),
    );
  models
    .command('history')
    .argument('<model>')
    .option(...server)
    .option(...alias)
    .description('list every move of an alias: when, from, to, who and why')
    .addHelpText('after', '\nExamples:\n  modelyard models history t20-score --alias prod')
    .action(async (model: string, flags: AliasFlags, command: Command) =>
      perform(command, async (context) =>
        (await import('./commands/aliases.ts')).aliasHistoryCommand(model, flags, context),
      ),
    );
}
