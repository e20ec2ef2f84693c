import type { ModelView, VersionView } from '../../api/views.ts';
import { changesOfTestData } from '../../api/test-data.ts';
import { formatMetric } from '../../registry/format-metric.ts';
import { defineCommand } from '../command.ts';
import { paint, type Terminal } from '../output/terminal.ts';

export const models = defineCommand({
  name: 'models',
  summary: 'list versions, aliases and verdicts',
  needs: 'project',
  examples: ['modelyard models', 'modelyard models --json'],
  async run(_input, context) {
    await using connection = await context.connect();
    const project = await connection.operations.getProject({ project: await connection.project() });
    context.result(project.models, () =>
      project.models.map((model) => modelText(model, context.terminal)).join('\n\n'),
    );
    return 0;
  },
});

/** Drawn between versions whose figures are of different test rows. */
const otherTestRows = '  -- other test rows: do not compare the versions below with those above --';

function modelText({ name, rule, alias, versions, problem }: ModelView, terminal: Terminal): string {
  const changed = changesOfTestData(versions);
  const lines = versions.flatMap((version) => [
    ...(changed.has(version) ? [paint(otherTestRows, 'dim', terminal)] : []),
    versionLine(version, terminal),
  ]);
  return [
    `${paint(name, 'bold', terminal)}: promoted to @${alias} when ${rule}`,
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
