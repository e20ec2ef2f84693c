import { formatNames } from '../../kernel/format-names.ts';
import { formatCount } from '../../kernel/units.ts';
import { filledOf } from '../../training/forecasting/series.ts';
import type { Clone } from '../host/package-version.ts';
import { paint, type Terminal } from '../output/terminal.ts';
import type { InferredColumn } from './column.ts';
import { withBlanks } from './conversation/flag-text.ts';
import { draftNotes, fileNotes } from './conversation/notes.ts';
import type { Draft, ModelDraft } from './draft.ts';
import type { ForecastDraft } from './forecast/draft-forecast.ts';
import { formatForecast, formatSeries, formatTests, formatTimes } from './forecast/format-forecast.ts';

/** What was chosen, as JSON. */
export function summaryOf(draft: Draft): object {
  const { project, csv, rows, madeUp, kind } = draft;
  const data = { file: csv.file, rows, madeUp };
  const notes = [...fileNotes(csv), ...draftNotes(draft)].map(({ level, text }) => ({
    level,
    text: withBlanks(text),
  }));
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
      notes,
    };
  }
  const { by, dayParts, group } = draft.split;
  return {
    project,
    data,
    target: draft.target.name,
    kind,
    features: namesOf(draft.features),
    columns: draft.roles.map(({ column, role, isFeature, reason }) => ({
      name: column.name,
      type: column.type ?? null,
      missing: column.missing,
      role,
      feature: isFeature,
      reason: reason ?? null,
    })),
    split: { by: by?.name ?? dayParts?.name ?? null, group: group?.name ?? null },
    leaks: draft.leaks.map(({ columns, derived, message }) => ({
      columns: namesOf(columns),
      leftOut: namesOf(derived.filter((column) => !draft.features.includes(column))),
      message,
    })),
    notes,
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
  const { target, features, times, madeUp, kind, others = [] } = draft;
  const [first, second] = others.map(({ value }) => value);
  const such =
    first === undefined ? '' : `, such as ${second === undefined ? first : `${first} or ${second}`}`;
  const canForecast = kind === 'number' && times.length > 0 && !madeUp;
  return [
    ['predicts', `${target.name}${kindText[kind]}`],
    ['from', formatNames(namesOf(features))],
    ['tests on', formatSplit(draft)],
    ...(madeUp
      ? []
      : [
          [
            'otherwise',
            `--target <column> predicts another one${such}${canForecast ? `; --kind forecast gives the next values of ${target.name} by ${formatNames(namesOf(times))}` : ''}`,
          ] as const,
        ]),
  ];
}

/** Which rows test, in words. */
function formatSplit({ split: { by, dayParts, group } }: ModelDraft): string {
  const time =
    by?.name ??
    (dayParts &&
      [dayParts.year, dayParts.month, dayParts.day].flatMap((part) => (part ? [part.name] : [])).join(', '));
  if (time === undefined)
    return group ? `a fifth, all rows of one ${group.name} together` : 'a fifth of the rows, drawn at random';
  return `the latest fifth by ${time}${group ? `, all rows of one ${group.name} together` : ''}`;
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
    ...(unused.length > 0 ? [['not used', formatNames(namesOf(unused))] as const] : []),
    [
      'otherwise',
      `--target, --time and --series name other columns${others ? '; --kind model predicts a line from its other columns' : ''}`,
    ],
  ];
}

function namesOf(columns: readonly InferredColumn[]): readonly string[] {
  return columns.map(({ name }) => name);
}
