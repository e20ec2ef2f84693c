import type { Kind } from '../../../project/models/kind.ts';
import type { SplitChoice } from '../choose/split.ts';
import type { ModelDraft } from '../draft.ts';
import { csvOptions } from './csv-options.ts';
import { featureKind } from '../feature-kind.ts';
import { hasLeftOut } from './features-file.ts';
import type { Names } from './names.ts';
import { rawName } from './row-names.ts';
import { shapeOptions } from './shape-options.ts';
import { commentText, describe, indented, list, literal } from './source-text.ts';

/** modelyard.config.ts of a made project. */
export function configFile(draft: ModelDraft, names: Names): string {
  const raw = rawName(draft);
  const { sourceVariable, modelVariable } = names;
  const { title } = describe(draft.target.name);
  const schemas = ['Question', ...new Set([raw, 'Row'])];
  const leftOut = hasLeftOut(draft) ? ['leftOut'] : [];
  return `import { boostedTrees, defineProject, lower, model, source, step, table } from 'modelyard';
import { csv } from 'modelyard/sources';
import { ${[...schemas, ...leftOut, 'toFeatures'].join(', ')} } from './features.ts';
import { clean } from './steps.ts';

${sourceText(names, [`row: ${raw}`, ...csvOptions(draft)], leftOut)}

${uniqueComment(draft)}export const cleaned = step(${literal(names.step)}, { in: { ${sourceVariable} }, out: { rows: table(Row${uniqueOf(draft)}) } }, clean);

export const ${modelVariable} = model(${literal(draft.project)}, {
  title: ${literal(title)},
  rows: cleaned.out.rows,
  request: Question,
  features: toFeatures,
  target: ${literal(draft.target.name)},
  ${splitComment(draft.split)}
  split: ${splitOf(draft.split)},
  trainer: boostedTrees(${treeOptions(draft)}),
  metrics: [${metricsOf[draft.kind].map(literal).join(', ')}],
  // A new version goes live when it errs less than the live one on the same rows, by more than chance: one standard error.
  promote: { alias: 'prod', when: lower(${literal(metricsOf[draft.kind][0])}, { by: 'standardError' }) },
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

function uniqueOf({ rowId }: ModelDraft): string {
  return rowId ? `, { unique: ${literal(rowId.name)} }` : '';
}

function uniqueComment({ rowId }: ModelDraft): string {
  if (!rowId) return '';
  return `// A row is known by its ${commentText(rowId.name)}, so a corrected row stays where it was: in the training or in the test.\n// If one may be in several rows, remove \`unique\` and write \`split: { group: ${commentText(literal(rowId.name))}, test: 0.2 }\`.\n`;
}

/** The declaration of the source, on one line if it fits. */
export function sourceText(
  { source, sourceVariable, dataPath }: Names,
  options: readonly string[],
  sourceOptions: readonly string[] = [],
): string {
  const others =
    sourceOptions.length === 0 ? '' : `, ${list(sourceOptions, { open: '{', close: '}', room: 2 })}`;
  const head = `export const ${sourceVariable} = source(`;
  const all = [`from: ${literal(dataPath)}`, ...options];
  const line = `${head}${literal(source)}, csv({ ${all.join(', ')} })${others});`;
  if (line.length <= 100) return line;
  const call = list(all, { open: 'csv({', close: `})${others},`, room: 2 });
  return `${head}\n${indented(`${literal(source)},\n${call}\n`)});`;
}

function splitComment({ by, dayParts, group }: SplitChoice): string {
  if (by || dayParts)
    return '// The latest fifth is kept for the test, so the score shows how well the model predicts rows it has not seen.';
  return group
    ? '// A fifth is kept for the test; rows with the same value here stay together.'
    : '// A fifth of the rows, drawn at random, is kept for the test. Where rows belong together or have a date, split by that.';
}

function splitOf({ by, dayParts, group }: SplitChoice): string {
  const order = by?.name ?? dayParts?.name;
  const parts = [
    ...(order === undefined ? [] : [`by: ${literal(order)}`]),
    ...(group ? [`group: ${literal(group.name)}`] : []),
    ...(order === undefined && !group ? ["rows: 'independent'"] : []),
    'test: 0.2',
  ];
  return `{ ${parts.join(', ')} }`;
}

function treeOptions({ rows, features }: ModelDraft): string {
  const categories = features.filter((column) => featureKind(column) === 'category');
  const options = [
    ...shapeOptions(rows),
    ...(categories.length > 0
      ? [
          list(
            categories.map(({ name }) => literal(name)),
            { open: 'categories: [', close: ']', room: 10 },
          ),
        ]
      : []),
  ];
  if (options.length === 0) return '';
  const text = list(options, { open: '{', close: '}', room: 28 });
  return indented(text).trimStart();
}
