import type { Kind } from '../../project/models/kind.ts';
import type { ModelDraft } from './draft.ts';
import { rawName } from './features-file.ts';
import type { Names } from './names.ts';
import { describe, literal } from './source-text.ts';

/** modelyard.config.ts of a made project. */
export function configFile(draft: ModelDraft, names: Names): string {
  const raw = rawName(draft);
  const { sourceVariable, modelVariable } = names;
  const { title } = describe(draft.target.name);
  const schemas = ['Question', ...new Set([raw, 'Row'])].join(', ');
  return `import { boostedTrees, defineProject, lower, model, source, step, table } from 'modelyard';
import { csv } from 'modelyard/sources';
import { ${schemas}, toFeatures } from './features.ts';
import { clean } from './steps.ts';

export const ${sourceVariable} = source(${literal(names.source)}, csv({ from: ${literal(names.dataPath)}, row: ${raw}${delimiterOption(draft)} }));

export const cleaned = step(${literal(names.step)}, { in: { ${sourceVariable} }, out: { rows: table(Row) } }, clean);

export const ${modelVariable} = model(${literal(draft.project)}, {
  title: ${literal(title)},
  rows: cleaned.out.rows,
  request: Question,
  features: toFeatures,
  target: ${literal(draft.target.name)},
  ${splitComment(draft)}
  split: ${splitOf(draft)},
  trainer: boostedTrees(${treeOptions(draft.rows)}),
  metrics: [${metricsOf[draft.kind].map(literal).join(', ')}],
  // A new version goes live when it errs less than the one that is live, on the same rows.
  promote: { alias: 'prod', when: lower(${literal(metricsOf[draft.kind][0])}) },
});

export default defineProject(${literal(draft.project)}, {
  title: ${literal(projectTitle(draft))},${draft.madeUp ? `\n  description: 'Made-up data to start with.',` : ''}
  models: [${modelVariable}],
});
`;
}

/** The metrics of a model; the gate decides by the first. */
const metricsOf: Readonly<Record<Kind, readonly [string, ...string[]]>> = {
  number: ['mae', 'rmse', 'r2'],
  boolean: ['logLoss', 'accuracy', 'auc'],
  class: ['logLoss', 'accuracy', 'macroF1'],
};

export function projectTitle({ project }: Pick<ModelDraft, 'project'>): string {
  return describe(project).title;
}

/** Which rows test, in words. */
export function formatSplit({ split: { by, group } }: Pick<ModelDraft, 'split'>): string {
  const part = by
    ? `the latest fifth by ${describe(by.name).title.toLowerCase()}`
    : `a fifth, drawn by ${describe(group?.name ?? '').title.toLowerCase()}`;
  return by && group ? `${part}, all rows of one ${describe(group.name).title.toLowerCase()} together` : part;
}

function splitComment({ split: { by, group } }: ModelDraft): string {
  if (by)
    return '// The latest fifth is kept for the test, so the score shows how well the model predicts rows it has not seen.';
  return group?.countsLines
    ? '// A fifth of the rows, drawn by chance, tests. Where rows belong together or have a date, split by that instead.'
    : '// A fifth tests, and rows with the same value here stand on one side.';
}

function splitOf({ split: { by, group } }: ModelDraft): string {
  const parts = [
    ...(by ? [`by: ${literal(by.name)}`] : []),
    ...(group ? [`group: ${literal(group.name)}`] : []),
    'test: 0.2',
  ];
  return `{ ${parts.join(', ')} }`;
}

/** Few rows want small steps, shallow trees and leaves that chance does not fill; from 5,000 on the defaults do. */
function treeOptions(rows: number): string {
  if (rows >= 5000) return '';
  const leaf = Math.min(20, Math.max(3, Math.round(rows / 100)));
  return `{ depth: ${rows < 300 ? 3 : 4}, learningRate: 0.05, minLeafRows: ${leaf} }`;
}

export function delimiterOption({ csv: { delimiter } }: Pick<ModelDraft, 'csv'>): string {
  return delimiter === ',' || delimiter === '\t' ? '' : `, delimiter: ${literal(delimiter)}`;
}
