import { commentText, indented, describe, key, literal } from '../files/source-text.ts';
import type { Names } from '../files/names.ts';
import type { ForecastDraft } from './draft-forecast.ts';
import { isYears } from './choose-time.ts';

/** The columns of a point. */
export interface PointNames {
  readonly series: string;
  readonly time: string;
  readonly value: string;
}

export function pointNames({
  value,
  series,
  time,
  read,
}: Pick<ForecastDraft, 'value' | 'series' | 'time' | 'read'>): PointNames {
  const taken = [value.name.toLowerCase()];
  const take = (wish: string): string => {
    let name = wish;
    for (let number = 2; taken.includes(name.toLowerCase()); number++) name = `${wish}${number}`;
    taken.push(name.toLowerCase());
    return name;
  };
  const [ofTime, ofSeries] = [time.columns, series].map((columns) =>
    columns.length === 1 ? columns[0]?.name : undefined,
  );
  return {
    time: take(ofTime ?? (read.timed ? 'time' : 'date')),
    series: take(ofSeries ?? 'series'),
    value: value.name,
  };
}

/** series.ts of a made forecast: a line of the CSV, and a value of a series. */
export function seriesFile(draft: ForecastDraft, names: Names): string {
  const { time, series, value, read } = draft;
  const point = pointNames(draft);
  const { title, unit } = describe(value.name);
  const about = `{ title: ${literal(title)}${unit ? `, unit: ${literal(unit)}` : ''} }`;
  const blank = (nullable: boolean): string => (nullable ? '.nullable()' : '');
  const schemas = { year: 'z.int()', time: 'z.iso.datetime({ offset: true })', date: 'z.iso.date()' };
  const ofTime = schemas[isYears(read.reading) ? 'year' : read.timed ? 'time' : 'date'];
  const line = [
    ...time.columns.map((column) => [
      column.name,
      `${time.parts ? (column.type === 'string' ? 'z.string()' : 'z.int()') : ofTime}${blank(column.nullable)}`,
    ]),
    ...series.map((column) => [column.name, `z.string()${blank(column.nullable)}`]),
    [value.name, `z.number()${blank(value.nullable)}`],
  ];
  const values = [
    [point.series, 'z.string()'],
    [point.time, ofTime],
    [point.value, `z.number().meta(${about})`],
  ];
  return `import { z } from 'modelyard';

/** A line of ${commentText(names.dataPath)}. */
export const Line = z.object({
${fieldsOf(line)}});
export type Line = z.infer<typeof Line>;

/** A value of a series. */
export const Point = z.object({
${fieldsOf(values)}});
export type Point = z.infer<typeof Point>;
`;
}

function fieldsOf(fields: readonly (readonly string[])[]): string {
  return fields.map(([name = '', schema = '']) => indented(`${key(name)}: ${schema},\n`)).join('');
}
