import { formatValue, oneOfProblem } from './problem-rules.ts';
import type { Project } from '../project.ts';
import type { Schedule } from '../schedule.ts';
import { secretProblems } from '../secret.ts';

/** Smallest and largest value of each field of a cron expression. */
const cronFields = [
  ['minute', 0, 59],
  ['hour', 0, 23],
  ['day of month', 1, 31],
  ['month', 1, 12],
  ['day of week', 0, 7],
] as const;

export function scheduleProblems(project: Project): readonly string[] {
  return [
    ...project.schedules.flatMap((schedule, index) =>
      problemsOf(schedule, project).map((problem) => `schedules[${index}]: ${problem}`),
    ),
    ...project.notify.flatMap(({ url, format }, index) => [
      ...secretProblems(`notify[${index}]`, url),
      ...oneOfProblem(`notify[${index}].format`, format, ['cloudevents', 'slack']),
    ]),
  ];
}

function problemsOf(schedule: Schedule, { models, forecasts, nodes }: Project): readonly string[] {
  const { cron, on, timeZone, catchUp, overlap, run } = schedule;
  const declared: readonly unknown[] = [...models, ...forecasts, ...nodes];
  return [
    ...(cron === undefined && on === undefined ? ["give `cron`, or `on: 'newData'`"] : []),
    ...(cron === undefined ? [] : cronProblems(cron)),
    ...oneOfProblem('on', on, ['newData']),
    ...(timeZone === undefined || isTimeZone(timeZone)
      ? []
      : [`timeZone is ${formatValue(timeZone)}: give a name such as "Europe/Vienna"`]),
    ...oneOfProblem('catchUp', catchUp, ['none', 'latest', 'all']),
    ...oneOfProblem('overlap', overlap, ['forbid', 'queue', 'replace']),
    ...(run ?? [])
      .filter((each) => !declared.includes(each))
      .map(
        ({ kind, name }) => `run has ${kind} ${name}, which the project does not list: add it to its lists`,
      ),
  ];
}

function cronProblems(cron: string): readonly string[] {
  const fields = String(cron).trim().split(/\s+/);
  if (fields.length !== cronFields.length)
    return [
      `cron is ${formatValue(cron)}: give five fields (minute, hour, day of month, month, day of week), such as "0 9 * * *"`,
    ];
  return cronFields.flatMap(([name, from, to], index) =>
    (fields[index] ?? '').split(',').every((part) => isCronPart(part, from, to))
      ? []
      : [
          `cron is ${formatValue(cron)}: its ${name} is ${formatValue(fields[index])}; give *, a number from ${from} to ${to}, a range or a step`,
        ],
  );
}

function isCronPart(part: string, from: number, to: number): boolean {
  const found = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(part);
  if (!found) return false;
  const [, first, last, step] = found.map((each) => (each === undefined ? undefined : Number(each)));
  const isInside = (value: number | undefined): boolean =>
    value === undefined || (value >= from && value <= to);
  return isInside(first) && isInside(last) && (last ?? to) >= (first ?? from) && step !== 0;
}

function isTimeZone(name: unknown): boolean {
  try {
    return typeof name === 'string' && new Intl.DateTimeFormat('en', { timeZone: name }).format() !== '';
  } catch {
    return false;
  }
}
