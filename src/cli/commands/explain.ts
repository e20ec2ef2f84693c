import type { ExplainView } from '../../api/views.ts';
import { formatBytes, formatCount } from '../../kernel/units.ts';
import { defineCommand } from '../command.ts';
import { formatExplanation, formatLookup, formatValue, formatWarnings } from '../output/format-prediction.ts';
import { resolveId } from '../resolve-id.ts';
import { paint, type Terminal } from '../output/terminal.ts';

const mostFiles = 20;

export const explain = defineCommand({
  name: 'explain',
  summary: 'trace a prediction to its version, run, steps, datasets and raw bytes',
  needs: 'project',
  arguments: { prediction: { kind: 'required', help: 'the id of a prediction, or its first characters' } },
  options: { features: { kind: 'flag', help: 'list each feature instead of each field of the request' } },
  examples: ['modelyard explain 0196f3a2-5c1d…', 'modelyard explain 0196f3a2-5c1d… --json'],
  async run({ prediction, features }, context) {
    await using connection = await context.connect();
    const { operations } = connection;
    const id = await resolveId(operations, 'prediction', prediction);
    const explained = await operations.explain({ prediction: id });
    context.result(explained, () =>
      explainText(explained, { terminal: context.terminal, byFeature: features }),
    );
    return 0;
  },
});

function explainText(
  { prediction, version, run, tasks, rawFiles }: ExplainView,
  { terminal, byFeature }: { readonly terminal: Terminal; readonly byFeature: boolean },
): string {
  const { explanation, unit } = prediction;
  const heading = (text: string): string => paint(text, 'bold', terminal);
  const time = (at: number): string => new Date(at).toISOString().replace('T', ' ').slice(0, 19);
  return [
    `${heading('prediction')} ${prediction.predictionId}, ${time(prediction.at)} UTC`,
    `  request     ${JSON.stringify(prediction.request)}`,
    ...(prediction.lookups ?? []).map((lookup) => `  looked up   ${formatLookup(lookup)}`),
    `  prediction  ${formatValue(prediction)}`,
    ...formatWarnings(prediction, terminal).map((line) => `  ${line}`),
    ...(explanation ? formatExplanation(explanation, { unit, byFeature }) : []),
    `${heading('model version')} ${version.model} v${version.version}${version.aliases.map((alias) => ` @${alias}`).join('')}, folder ${version.folder}`,
    `  verdict     ${version.verdict?.summary ?? 'none yet'}`,
    `${heading('run')} ${run.name} ${run.id}, ${time(run.startedAt)} UTC, started by ${run.why}`,
    heading('tasks'),
    ...tasks.flatMap((task) => [
      `  ${task.task}  key ${task.key.slice(0, 16)}${task.code.length > 0 ? `  code ${task.code.join(', ')}` : ''}`,
      ...task.outputs.map(
        ({ name, digest, rows }) =>
          `    ${name}  ${digest}${rows === null ? '' : `  ${formatCount(rows)} rows`}`,
      ),
    ]),
    heading('raw files'),
    ...rawFiles
      .slice(0, mostFiles)
      .flatMap((file) => [
        `  ${file.source}: ${file.name}, ${formatBytes(file.size)}${file.simulated ? ', simulated' : ''}, from ${file.from}, ${time(file.fetchedAt)} UTC${file.etag ? `, ETag ${file.etag}` : ''}`,
        `    sha256 ${file.digest}`,
      ]),
    ...(rawFiles.length > mostFiles
      ? [`  and ${formatCount(rawFiles.length - mostFiles)} more: --json lists them all`]
      : []),
  ].join('\n');
}
