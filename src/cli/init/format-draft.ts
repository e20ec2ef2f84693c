import { formatCount } from '../../kernel/units.ts';
import { formatNames } from '../../kernel/format-names.ts';
import { filledOf } from '../../training/forecasting/series.ts';
import type { Clone } from '../package-version.ts';
import { paint, type Terminal } from '../terminal.ts';
import { formatSplit } from './config-file.ts';
import type { InferredColumn } from './column.ts';
import type { Draft, ModelDraft } from './draft.ts';
import type { ForecastDraft } from './forecast/draft-forecast.ts';
import { formatForecast, formatSeries, formatTests, formatTimes } from './forecast/format-forecast.ts';
import { describe } from './source-text.ts';

/** What was chosen, as JSON. */
export function summaryOf(draft: Draft): object {
  const { project, csv, rows, madeUp, kind } = draft;
  const data = { file: csv.file, rows, madeUp };
  if (draft.kind === 'forecast') {
    const { value, time, series, horizon, folds, season, read } = draft;
    return {
      project,
      data: { ...data, blank: read.blank },
      kind,
      target: value.name,
      time: { columns: namesOf(time.columns), each: read.unit, from: draft.from, to: draft.to },
      series: { columns: namesOf(series), count: read.series.length },
      horizon,
      folds,
      season: season ?? read.period,
      unused: namesOf(draft.unused),
    };
  }
  return {
    project,
    data: { ...data, numbered: draft.numbered },
    target: draft.target.name,
    kind,
    asked: namesOf(draft.asked),
    notAsked: namesOf(draft.kept),
    split: { by: draft.split.by?.name ?? null, group: draft.split.group?.name ?? null },
  };
}

/** @param clone of this repository, if `init` runs from one */
export function nextCommands({ project }: Draft, clone: Clone | undefined): readonly string[] {
  const build = clone && !clone.isBuilt ? [`npm run build --prefix ${JSON.stringify(clone.folder)}`] : [];
  return [...build, `cd ${project}`, 'npm install', 'npx modelyard dev'];
}

/** What was chosen, how to choose otherwise, and what to do next. */
export function draftText(
  draft: Draft,
  { next, terminal }: { readonly next: readonly string[]; readonly terminal: Terminal },
): string {
  const { project, csv, rows, madeUp } = draft;
  const from = madeUp
    ? `${formatCount(rows)} made-up houses; for data of your own: modelyard init <name> --csv <file>`
    : `${formatCount(rows)} lines of ${csv.file}`;
  return [
    `Made ${paint(project, 'bold', terminal)} from ${from}.`,
    ...(draft.kind === 'forecast' ? forecastLines(draft) : modelLines(draft)).map(
      ([label, text]) => `  ${label.padEnd(10)}${text}`,
    ),
    '',
    'Next:',
    ...next.map((line) => `  ${paint(line, 'cyan', terminal)}`),
  ].join('\n');
}

type Lines = readonly (readonly [label: string, text: string])[];

const kindText = { number: '', boolean: ', yes or no', class: ', one of its values' } as const;

function modelLines(draft: ModelDraft): Lines {
  const { target, asked, kept, times, madeUp } = draft;
  const odd = kept.filter(({ oddField }) => oddField);
  const canForecast = draft.kind === 'number' && times.length > 0 && !madeUp;
  return [
    ['predicts', `${titlesOf([target])}${kindText[draft.kind]}`],
    ['from', titlesOf(asked)],
    ['tests on', formatSplit(draft)],
    ...(draft.numbered
      ? [
          [
            'added',
            `${JSON.stringify(draft.split.group?.name)} to the copy of the CSV: no column orders or names its lines`,
          ] as const,
        ]
      : []),
    ...odd.map(
      ({ name, oddField }) =>
        [
          'not asked',
          `${name}, since line ${oddField?.line} has ${JSON.stringify(oddField?.text)} where others have a number`,
        ] as const,
    ),
    ...(madeUp
      ? []
      : [
          [
            'otherwise',
            `--target <column> predicts another one${canForecast ? `; --kind forecast gives the next values of ${titlesOf([target])} by ${titlesOf(times)}` : ''}`,
          ] as const,
        ]),
  ];
}

function forecastLines(draft: ForecastDraft): Lines {
  const { unused, read, series } = draft;
  const others = series.length + unused.length > 0;
  const filled = filledOf(read);
  return [
    ['forecasts', formatForecast(draft)],
    ['time', formatTimes(draft)],
    ['series', formatSeries(draft)],
    ['tests on', formatTests(draft)],
    ...(read.blank > 0
      ? [['left out', `${formatCount(read.blank)} lines without a time or a value`] as const]
      : []),
    ...(filled > 0
      ? [
          [
            'filled in',
            `${formatCount(filled)} missing values, by a straight line between their neighbours`,
          ] as const,
        ]
      : []),
    ...(unused.length > 0 ? [['not used', titlesOf(unused)] as const] : []),
    [
      'otherwise',
      `--target, --time and --series name other columns${others ? '; --kind model predicts a line from its other columns' : ''}`,
    ],
  ];
}

function titlesOf(columns: readonly InferredColumn[]): string {
  return formatNames(columns.map(({ name }) => describe(name).title.toLowerCase()));
}

function namesOf(columns: readonly InferredColumn[]): readonly string[] {
  return columns.map(({ name }) => name);
}
