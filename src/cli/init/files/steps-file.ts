import { readNumber } from '../../../sources/csv/values.ts';
import { type ModelDraft, usedColumns } from '../draft.ts';
import { readTotals } from '../read-totals.ts';
import type { Names } from './names.ts';
import { dayOfCode } from './day-of.ts';
import { mustBeFilled, rawName, withDay } from './row-names.ts';
import { commentText, key, literal, member, templateText } from './source-text.ts';

/** steps.ts of a made project: the step that cleans its rows. */
export function stepsFile(draft: ModelDraft, names: Names): string {
  const raw = rawName(draft);
  const types = [...new Set([raw, 'Row'])].join(', ');
  const { dayParts } = draft.split;
  const filled = mustBeFilled(draft);
  const head = `import type { StepContext } from 'modelyard';
import type { ${types} } from './features.ts';

type Context = StepContext<{ ${names.sourceVariable}: ${raw} }, { rows: Row }>;
`;
  const code =
    filled.length > 0 || totalsOf(draft).length > 0
      ? filtering(draft, names)
      : withDay(draft) === undefined
        ? passingOn(names)
        : adding(draft, names);
  return `${head}\n${code}${dayParts ? dayOfCode(dayParts, 'Raw') : ''}`;
}

function filtering(draft: ModelDraft, { sourceVariable }: Names): string {
  const filled = mustBeFilled(draft);
  const totals = totalsOf(draft);
  const names = filled.map(({ name }) => name).join(' or ');
  const reasons = [
    ...(filled.length > 0 ? [`without ${commentText(names)}`] : []),
    ...(totals.length > 0 ? ['that are totals of others'] : []),
  ].join(', or ');
  const logged = [
    ...(filled.length > 0 ? [`no ${templateText(names)}`] : []),
    ...(totals.length > 0 ? ['totals'] : []),
  ].join(', or ');
  const day = withDay(draft);
  const conditions = [
    ...filled.map(({ name }) => `${member('row', name)} !== null`),
    ...(totals.length > 0 ? ['!isTotal(row)'] : []),
  ];
  const row = day === undefined ? 'Row' : `Omit<Row, ${literal(day)}>`;
  return `/** Leaves out rows ${reasons}. Correct here what the CSV has wrong. */
export async function clean({ in: { ${sourceVariable} }, out, log }: Context): Promise<void> {
  let leftOut = 0;
  async function* complete(): AsyncGenerator<Row> {
    for await (const row of ${sourceVariable}) {
      if (canTeach(row)) yield ${day === undefined ? 'row' : `{ ...row, ${key(day)}: dayOf(row) }`};
      else leftOut += 1;
    }
  }
  await out.rows.write(complete());
  log(\`\${leftOut} of \${${sourceVariable}.rows} rows left out: ${logged}\`);
}

function canTeach(row: ${rawName(draft)}): ${filled.length > 0 ? `row is ${row}` : 'boolean'} {
  return ${conditions.join(' && ')};
}
${totals.length > 0 ? `\n/** Lines that sum up the others. */\nfunction isTotal(row: ${rawName(draft)}): boolean {\n  return ${totals.join(' || ')};\n}\n` : ''}`;
}

/** Conditions that are true for the totals at the end: their word, or their numbers where no column has the word. */
function totalsOf(draft: ModelDraft): readonly string[] {
  const used = usedColumns(draft);
  const { decimal } = draft.csv.format;
  return readTotals(draft.csv, used).map(({ fields }) => {
    const texts = used.flatMap(({ name, index, type }) => {
      const text = (fields[index] ?? '').trim();
      return type === 'string' && text !== '' ? [`${member('row', name)} === ${literal(text)}`] : [];
    });
    const numbers = used.flatMap(({ name, index, numbers: facts }) => {
      const value = facts && readNumber(fields[index] ?? '', { decimal });
      return value === undefined ? [] : [`${member('row', name)} === ${value}`];
    });
    return texts[0] ?? `(${numbers.join(' && ')})`;
  });
}

function adding(draft: ModelDraft, { sourceVariable }: Names): string {
  return `/** Adds the day, which orders the rows. Correct here what the CSV has wrong. */
export async function clean({ in: { ${sourceVariable} }, out }: Context): Promise<void> {
  async function* dated(): AsyncGenerator<Row> {
    for await (const row of ${sourceVariable}) yield { ...row, ${key(withDay(draft) ?? '')}: dayOf(row) };
  }
  await out.rows.write(dated());
}
`;
}

function passingOn({ sourceVariable }: Names): string {
  return `/** Keeps every row. Correct here what the CSV has wrong, and leave out what a model must not learn from. */
export async function clean({ in: { ${sourceVariable} }, out }: Context): Promise<void> {
  await out.rows.write(${sourceVariable});
}
`;
}
