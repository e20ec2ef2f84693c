import { resolve } from 'node:path';
import { formatCount } from '../../kernel/units.ts';
import { formatSplit } from '../init/config-file.ts';
import type { Draft } from '../init/draft.ts';
import { describe } from '../init/source-text.ts';
import { defineCommand } from '../command.ts';
import { packageVersion } from '../package-version.ts';
import { paint, type Terminal } from '../terminal.ts';

export const init = defineCommand({
  name: 'init',
  summary: 'create a small project that is ready to run',
  needs: 'nothing',
  arguments: { name: { kind: 'required', help: 'the name of the project and of its new folder' } },
  options: {
    csv: { kind: 'text', value: 'file', help: 'a CSV file of yours to start from' },
    target: {
      kind: 'text',
      value: 'column',
      help: 'the column to predict (default: the last column that can be predicted)',
    },
  },
  examples: ['modelyard init houses', 'modelyard init houses --csv sales.csv --target price'],
  async run({ name, csv, target }, { terminal, result }) {
    const { makeProject } = await import('../init/make-project.ts');
    const draft = await makeProject({
      name,
      parent: process.cwd(),
      csvPath: csv === undefined ? undefined : resolve(csv),
      target,
      version: packageVersion(),
    });
    result(summary(draft), () => draftText(draft, terminal));
    return 0;
  },
});

function summary({ project, csv, rows, madeUp, numbered, target, kind, asked, kept, split }: Draft): object {
  return {
    project,
    data: { file: csv.file, rows, madeUp, numbered },
    target: target.name,
    kind,
    asked: asked.map((column) => column.name),
    notAsked: kept.map((column) => column.name),
    split: { by: split.by?.name ?? null, group: split.group?.name ?? null },
    next: next(project),
  };
}

const kindText = { number: '', boolean: ', yes or no', class: ', one of its values' } as const;

function next(project: string): readonly string[] {
  return [`cd ${project}`, 'npm install', 'npx modelyard dev'];
}

function draftText(draft: Draft, terminal: Terminal): string {
  const { project, csv, rows, madeUp, target, asked, kept } = draft;
  const titles = (columns: Draft['asked']): string =>
    columns.map(({ name }) => describe(name).title.toLowerCase()).join(', ');
  const from = madeUp
    ? `${formatCount(rows)} made-up houses; for data of your own: modelyard init <name> --csv <file>`
    : `${formatCount(rows)} lines of ${csv.file}`;
  const odd = kept.filter(({ oddField }) => oddField);
  return [
    `Made ${paint(project, 'bold', terminal)} from ${from}.`,
    `  predicts  ${titles([target])}${kindText[draft.kind]}`,
    `  from      ${titles(asked)}`,
    `  tests on  ${formatSplit(draft)}`,
    ...(draft.numbered
      ? [
          `  added     ${JSON.stringify(draft.split.group?.name)} to the copy of the CSV: no column orders or names its lines`,
        ]
      : []),
    ...odd.map(
      ({ name, oddField }) =>
        `  not asked ${name}, since line ${oddField?.line} has ${JSON.stringify(oddField?.text)} where others have a number`,
    ),
    '',
    'Next:',
    ...next(project).map((line) => `  ${paint(line, 'cyan', terminal)}`),
  ].join('\n');
}
