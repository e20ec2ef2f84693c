import type { Names } from '../files/names.ts';
import { dayOfCode } from '../files/day-of.ts';
import { key, literal, member } from '../files/source-text.ts';
import type { ForecastDraft } from './draft-forecast.ts';
import { seriesSeparator } from './read-observations.ts';
import { pointNames } from './series-file.ts';

/** steps.ts of a made forecast: the step that makes points of the lines. */
export function forecastStepsFile(draft: ForecastDraft, { sourceVariable }: Names): string {
  const { time, series, value } = draft;
  const point = pointNames(draft);
  const cells = [...time.columns, ...series, value].filter(({ nullable }) => nullable);
  const skipped = cells.map(({ name }) => `${member('row', name)} === null`).join(' || ');
  const fields = [
    [point.series, seriesCode(draft)],
    [point.time, timeCode(draft)],
    [point.value, member('row', value.name)],
  ];
  return `import type { StepContext } from 'modelyard';
import type { Line, Point } from './series.ts';

type Context = StepContext<{ ${sourceVariable}: Line }, { rows: Point }>;

/** Makes a point of each line${skipped === '' ? '' : ' that has a value'}. Correct here what the CSV has wrong, or sum the lines of one time. */
export async function toPoints({ in: { ${sourceVariable} }, out, log }: Context): Promise<void> {
  let count = 0;
  async function* points(): AsyncGenerator<Point> {
    for await (const row of ${sourceVariable}) {
${skipped === '' ? '' : `      if (${skipped}) continue;\n`}      count += 1;
      yield {
${fields.map(([name = '', code = '']) => `        ${key(name)}: ${code},\n`).join('')}      };
    }
  }
  await out.rows.write(points());
  log(\`\${count} of \${${sourceVariable}.rows} lines have a value\`);
}
${time.parts ? dayOfCode(time.parts, 'Line') : ''}`;
}

function seriesCode({ series, value }: ForecastDraft): string {
  const [first, ...others] = series.map(({ name }) => member('row', name));
  if (first === undefined) return literal(value.name);
  if (others.length === 0) return first;
  return `\`${[first, ...others].map((code) => `\${${code}}`).join(seriesSeparator)}\``;
}

function timeCode({ time }: ForecastDraft): string {
  return time.parts ? 'dayOf(row)' : member('row', time.columns[0]?.name ?? '');
}
