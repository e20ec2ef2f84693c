import type { ModelView, VersionView } from '../../api/views.ts';
import { formatMetric } from '../../registry/format-metric.ts';
import { connect } from '../connection.ts';
import { paint, type Terminal } from '../terminal.ts';
import type { CommandContext, ExitCode } from './context.ts';

/** `modelyard models`: versions, aliases and verdicts. */
export async function modelsCommand({ config, env, terminal, json }: CommandContext): Promise<ExitCode> {
  await using connection = await connect(config, env);
  const { models } = await connection.operations.getProject({ project: connection.project });
  terminal.out(
    json ? JSON.stringify(models, null, 2) : models.map((model) => modelText(model, terminal)).join('\n\n'),
  );
  return 0;
}

function modelText({ name, rule, alias, versions, problem }: ModelView, terminal: Terminal): string {
  const lines = versions.map((version) => versionLine(version, terminal));
  return [
    `${paint(name, 'bold', terminal)}: @${alias} goes to ${rule}`,
    ...(problem ? [`  ${paint(problem.message, 'red', terminal)}`] : []),
    ...(lines.length > 0 ? lines : ['  no version yet: modelyard run']),
  ].join('\n');
}

function versionLine(
  { version, aliases, metrics, verdict, runName }: VersionView,
  terminal: Terminal,
): string {
  const marks = aliases.map((alias) => paint(`@${alias}`, 'cyan', terminal)).join(' ');
  const measured = metrics.slice(0, 3).map(({ title, value }) => `${title} ${formatMetric(value)}`);
  return `  v${version}${marks && ` ${marks}`}  ${measured.join(', ')}  ${verdict?.summary ?? 'not judged'}  (run ${runName})`;
}
