import type { ReproductionView, RunRow } from '../../api/views.ts';
import type { Json } from '../../kernel/json.ts';
import { formatCount, formatDuration } from '../../kernel/units.ts';
import { isSame, type Compared, type ProjectDifference } from '../../lifecycle/reproduction/reproduction.ts';
import { formatMetric, metricTitle } from '../../registry/format-metric.ts';
import type { ExitCode } from '../exit-codes.ts';
import { paint, type Terminal } from './terminal.ts';

interface TextOptions {
  /** Milliseconds. */
  readonly took: number;
  readonly run: RunRow | null;
  readonly terminal: Terminal;
}

export function reproductionExitCode({ status }: ReproductionView): ExitCode {
  if (status === 'reproduced') return 0;
  return status === 'impossible' ? 2 : 1;
}

/** What came of a reproduction: a line for each part, what may explain a difference, and the result. */
export function reproductionText(reproduction: ReproductionView, options: TextOptions): string {
  const { terminal } = options;
  return [
    headline(reproduction, terminal),
    ...(reproduction.status === 'impossible' ? missingLines(reproduction) : comparedLines(reproduction)),
    ...reproduction.failures.map(({ task, error }) => part('failed', `${task}: ${error.message}`)),
    ...environmentLines(reproduction),
    resultLine(reproduction, options),
  ].join('\n');
}

function headline({ model, version, trained }: ReproductionView, terminal: Terminal): string {
  const by = trained
    ? `, trained by run ${trained.runName} on ${new Date(trained.at).toISOString().slice(0, 10)}`
    : '';
  return `${paint(`${model} version ${version}`, 'bold', terminal)}${by}`;
}

function part(name: string, text: string): string {
  return `  ${name.padEnd(10)} ${text}`;
}

function missingLines({ missing }: ReproductionView): readonly string[] {
  return missing.map(({ kind, name, text }) => part(kind, `${name}: ${text}`));
}

function comparedLines(reproduction: ReproductionView): readonly string[] {
  const { data, files, metrics, project, firstDifference, status } = reproduction;
  const tables = data.map(
    ({ task, digest, rows }) =>
      `${task}${rows === null ? '' : `, ${formatCount(rows)} rows`} (${digest.slice(0, 12)})`,
  );
  if (status === 'failed') return [part('data', tables.join('; ')), ...projectLines(project)];
  const begins =
    firstDifference && files.some((file) => !isSame(file))
      ? [part('begins', `with the output ${firstDifference.output} of ${firstDifference.task}`)]
      : [];
  return [
    part('data', tables.join('; ')),
    ...projectLines(project),
    part('model', filesText(files)),
    ...begins,
    part('metrics', metricsText(metrics)),
  ];
}

function projectLines(project: readonly ProjectDifference[]): readonly string[] {
  return project.map((difference) => {
    switch (difference.kind) {
      case 'declaration':
        return part('project', `has no ${difference.name} any more`);
      case 'code':
        return part('code', codeText(difference));
      case 'setting':
        return part(
          'setting',
          `${difference.name}: ${settingText(difference.recorded)} then, ${settingText(difference.present)} in the project`,
        );
    }
  });
}

function settingText(value: Json): string {
  return value === null ? 'not set' : JSON.stringify(value);
}

function codeText({ name, recorded, present }: Extract<ProjectDifference, { kind: 'code' }>): string {
  if (recorded === null) return `${name}: ${present} is new`;
  if (present === null) return `${name}: ${recorded} is not in the project any more`;
  return recorded === present
    ? `${name}: ${recorded} has changed since, or something that it uses`
    : `${name}: ${recorded} then, ${present} in the project`;
}

function filesText(files: readonly Compared<string>[]): string {
  const differing = files.filter((file) => !isSame(file));
  if (differing.length === 0) return `the same, bit for bit (${files.length} files)`;
  const names = differing.map(({ name, recorded, reproduced }) =>
    recorded === null ? `${name} is new` : reproduced === null ? `${name} is not written` : name,
  );
  return `differs in ${differing.length} of ${files.length} files: ${names.join(', ')}`;
}

function metricsText(metrics: readonly Compared<number>[]): string {
  const differing = metrics.filter((metric) => !isSame(metric));
  const value = (number: number | null): string => (number === null ? 'none' : formatMetric(number));
  if (differing.length === 0)
    return `the same: ${metrics.map(({ name, recorded }) => `${metricTitle(name)} ${value(recorded)}`).join(', ')}`;
  const texts = differing.map(({ name, recorded, reproduced }) => {
    const [was, is] = [value(recorded), value(reproduced)];
    return was === is
      ? `${metricTitle(name)} ${reproduced} (was ${recorded})`
      : `${metricTitle(name)} ${is} (was ${was})`;
  });
  return `differ: ${texts.join(', ')}`;
}

function environmentLines({ environment }: ReproductionView): readonly string[] {
  return environment.map(({ text }) => part('note', text));
}

function resultLine(reproduction: ReproductionView, { took, run, terminal }: TextOptions): string {
  const by = run ? ` (run ${run.name}, ${formatDuration(took)})` : '';
  const { status, files, metrics, project } = reproduction;
  switch (status) {
    case 'reproduced':
      return `${paint('Reproduced', 'green', terminal)}${by}.`;
    case 'impossible':
      return `${paint('It cannot be tried', 'red', terminal)}: nothing ran.`;
    case 'failed':
      return `${paint('Failed', 'red', terminal)}${by}: nothing can be compared.`;
    case 'differs': {
      const isOnlyProject = project.length > 0 && [...files, ...metrics].every(isSame);
      const why = isOnlyProject
        ? 'the recorded code and settings give the same model, and the project has others'
        : 'see above for what differs and what may explain it';
      return `${paint('Differs', 'red', terminal)}${by}: ${why}.`;
    }
  }
}
