import { resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import type { Asker } from '../init/conversation/asker.ts';
import { findClone, packageVersion } from '../host/package-version.ts';

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
      help: 'the column to predict (default: the one that is named as a target, or the last column if it holds numbers; else you are asked)',
    },
    kind: {
      kind: 'text',
      value: 'kind',
      help: 'number, class or yes-no: what the target is; model: predicts the target of a line from its other columns; forecast: the next values of the target (default: a forecast if there are only dates, numbers and the names of series)',
    },
    time: {
      kind: 'text',
      value: 'column',
      help: 'the dates that order the lines (default: the dates that end last)',
    },
    group: {
      kind: 'text',
      value: 'column',
      help: 'lines with the same value here belong together: all of them train, or all of them test (default: an id that repeats)',
    },
    without: {
      kind: 'repeated',
      value: 'columns',
      help: 'columns that are no features, with commas between them',
    },
    with: {
      kind: 'repeated',
      value: 'columns',
      help: 'columns that are features although init leaves them out, such as one that alone says what the target is',
    },
    series: {
      kind: 'repeated',
      value: 'column',
      help: 'the column of a forecast that says whose value a line has; several columns together name a series',
    },
    dates: {
      kind: 'repeated',
      value: 'column=form',
      help: 'how a column writes its dates: D/M/Y, M/D/Y, D.M.Y, epoch s or epoch ms',
    },
    missing: {
      kind: 'repeated',
      value: 'text',
      help: 'a text that means a missing value, such as -999 (besides NA, N/A, NaN, null, ?, - and .)',
    },
    type: {
      kind: 'repeated',
      value: 'column=type',
      help: 'what a column holds: number, date, yes-no or text; lines with another cell are set aside',
    },
    maxBadRows: {
      kind: 'text',
      value: 'share',
      help: 'the share of lines that may be set aside because they cannot be read (default: 0.05; you are asked where more are)',
    },
    header: { kind: 'off', help: 'the first line holds data: the columns are called column1, column2, …' },
    withHeader: { kind: 'flag', help: 'the first line has the names of the columns, whatever it looks like' },
    yes: { kind: 'flag', help: 'write what was found without asking, if nothing is unsure' },
  },
  notes: [
    'On a terminal, init shows the columns that it found and asks what is unsure before it writes. Without one, it ends with exit code 2 and names the flag and the candidates.',
  ],
  examples: [
    'modelyard init houses',
    'modelyard init houses --csv sales.csv --target price',
    'modelyard init bikes --csv hour.csv --target cnt --without casual,registered --dates dteday=M/D/Y',
    'modelyard init demand --csv shops.csv --kind forecast --target sold --series shop',
  ],
  async run(
    { name, csv, kind, dates, type, maxBadRows, header, withHeader, ...input },
    { terminal, json, result },
  ) {
    const { makeProject } = await import('../init/make-project.ts');
    const { draftText, nextCommands, summaryOf } = await import('../init/format-draft.ts');
    const { checkForecastFlags, parseDates, parseHeader, parseKind, parseMaxBadRows, parseTypes } =
      await import('../init/parse-flags.ts');
    const clone = findClone();
    const canAsk = terminal.canAsk === true && !json && csv !== undefined;
    const kinds = parseKind(kind, input.series !== undefined);
    checkForecastFlags(kinds.kind, input);
    const draft = await makeProject({
      ...input,
      ...kinds,
      name,
      parent: process.cwd(),
      csvPath: csv === undefined ? undefined : resolve(csv),
      dates: parseDates(dates ?? []),
      types: parseTypes(type ?? []),
      maxBadRows: parseMaxBadRows(maxBadRows),
      header: parseHeader({ csv, missing: input.missing, type, maxBadRows, header, withHeader }),
      asker: canAsk ? await openAsker() : undefined,
      show: terminal.quiet === true || json ? undefined : (text) => terminal.err(`${text}\n`),
      columns: terminal.columns,
      version: packageVersion(),
      clone: clone?.folder,
    });
    if (!draft) {
      terminal.err('Nothing was written.\n');
      return 1;
    }
    const next = nextCommands(draft, clone);
    result({ ...summaryOf(draft), next }, () => draftText(draft, { next, terminal }));
    return 0;
  },
});

async function openAsker(): Promise<Asker> {
  const { clackAsker } = await import('../init/conversation/clack-asker.ts');
  return clackAsker();
}
