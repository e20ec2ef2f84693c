import { resolve } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import type { Draft } from '../init/draft.ts';
import { draftText, nextCommands, summaryOf } from '../init/format-draft.ts';
import { findClone, packageVersion } from '../package-version.ts';

const kinds = ['model', 'forecast'] as const;

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
    kind: {
      kind: 'text',
      value: 'kind',
      help: 'model: predicts the target of a line from its other columns; forecast: the next values of the target (default: a forecast if there are only dates, numbers and the names of series)',
    },
    time: {
      kind: 'text',
      value: 'column',
      help: 'the dates of a forecast (default: the first column of dates)',
    },
    series: {
      kind: 'repeated',
      value: 'column',
      help: 'the column of a forecast that says whose value a line has; several columns together name a series',
    },
  },
  examples: [
    'modelyard init houses',
    'modelyard init houses --csv sales.csv --target price',
    'modelyard init demand --csv shops.csv --kind forecast --target sold --series shop',
  ],
  async run({ name, csv, target, kind, time, series }, { terminal, result }) {
    const { makeProject } = await import('../init/make-project.ts');
    const clone = findClone();
    const draft: Draft = await makeProject({
      name,
      parent: process.cwd(),
      csvPath: csv === undefined ? undefined : resolve(csv),
      target,
      time,
      series,
      kind: kindOf(kind, time !== undefined || series !== undefined),
      version: packageVersion(),
      clone: clone?.folder,
    });
    const next = nextCommands(draft, clone);
    result({ ...summaryOf(draft), next }, () => draftText(draft, { next, terminal }));
    return 0;
  },
});

/** Dates or series that are named make a forecast. */
function kindOf(text: string | undefined, isForecast: boolean): (typeof kinds)[number] | undefined {
  const kind = kinds.find((each) => each === text);
  const field = '--kind';
  if (text !== undefined && !kind)
    throw new PlatformError('CONFIG_INVALID', {
      field,
      value: text,
      remedy: `must be ${kinds.join(' or ')}`,
    });
  if (kind === 'model' && isForecast)
    throw new PlatformError('CONFIG_INVALID', {
      field,
      value: 'model',
      remedy: '--time and --series are for a forecast: leave them out',
    });
  return kind ?? (isForecast ? 'forecast' : undefined);
}
