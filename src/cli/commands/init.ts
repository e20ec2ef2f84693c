import { resolve } from 'node:path';
import { formatCount } from '../../kernel/units.ts';
import { splitWords } from '../init/config-file.ts';
import type { Draft } from '../init/draft.ts';
import { makeProject } from '../init/make-project.ts';
import { describe } from '../init/source-text.ts';
import { ownVersion } from '../own-version.ts';
import { paint, type Terminal } from '../terminal.ts';
import type { CommandContext, ExitCode } from './context.ts';

/** `modelyard init <name>`: makes a project from a CSV file, or from made-up data, that runs at once. */
export async function initCommand(
  name: string,
  { csv, target }: { readonly csv?: string; readonly target?: string },
  { terminal, json }: CommandContext,
): Promise<ExitCode> {
  const draft = await makeProject({
    name,
    parent: process.cwd(),
    csvPath: csv === undefined ? undefined : resolve(csv),
    target,
    version: ownVersion(),
  });
  terminal.out(json ? JSON.stringify(summary(draft), null, 2) : draftText(draft, terminal));
  return 0;
}

function summary({ project, csv, rows, madeUp, numbered, target, asked, kept, split }: Draft): object {
  return {
    project,
    data: { file: csv.file, rows, madeUp, numbered },
    target: target.name,
    asked: asked.map((column) => column.name),
    notAsked: kept.map((column) => column.name),
    split: { by: split.by?.name ?? null, group: split.group?.name ?? null },
    next: next(project),
  };
}

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
    `  predicts  ${titles([target])}`,
    `  from      ${titles(asked)}`,
    `  tests on  ${splitWords(draft)}`,
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
