import type { ProjectView, SkewView } from '../../api/views.ts';
import { formatCount } from '../../kernel/units.ts';
import { defineCommand } from '../command.ts';

export const checkSkew = defineCommand({
  name: 'check skew',
  summary: 'compare the features of training with those that serving computes now, row by row',
  needs: 'project',
  arguments: { model: { kind: 'optional', help: 'a model; without it, every model with a live version' } },
  options: {
    rows: {
      kind: 'number',
      value: 'number',
      help: 'how many training rows, evenly spread',
      from: 1,
      to: 1_000_000_000,
      default: 10_000,
    },
    all: { kind: 'flag', help: 'every training row' },
  },
  examples: ['modelyard check skew', 'modelyard check skew t20-score --all'],
  notes: ['Exit code 1 means that a feature differs.'],
  async run({ model, rows, all }, context) {
    await using connection = await context.connect();
    const { operations } = connection;
    const names = model === undefined ? liveModels(await operations.listProjects({})) : [model];
    const checked: SkewView[] = [];
    for (const name of names)
      checked.push(await operations.checkSkew({ model: name, ...(!all && { most: rows }) }));
    context.result(checked, () => checked.map(skewText).join('\n') || 'No model has a live version yet.');
    return checked.some(({ differences }) => differences > 0) ? 1 : 0;
  },
});

function liveModels(projects: readonly ProjectView[]): readonly string[] {
  return projects.flatMap(({ models }) => models.filter(({ live }) => live !== null).map(({ name }) => name));
}

function skewText({ model, version, problem, ...skew }: SkewView): string {
  const { rows, compared, differingRows, differences, first } = skew;
  const found =
    differences === 0
      ? 'no differences'
      : `${formatCount(differences)} differences in ${formatCount(differingRows)} rows`;
  const more = differences - first.length;
  return [
    `${model} v${version}: ${formatCount(compared)} of ${formatCount(rows)} rows compared, ${found}`,
    ...(problem === null ? [] : [`  ${problem}`]),
    ...first.map(differenceText),
    ...(more > 0 ? [`  and ${formatCount(more)} more`] : []),
  ].join('\n');
}

function differenceText({ row, feature, trained, served, refused }: SkewView['first'][number]): string {
  if (refused !== null) return `  row ${row}  serving refuses it: ${refused}`;
  return `  row ${row}  ${feature}  trained with ${trained ?? 'missing'}, served with ${served ?? 'missing'}`;
}
