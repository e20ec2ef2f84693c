import type { ModelDraft } from '../draft.ts';
import type { Names } from './names.ts';
import { dayOfCode } from './day-of.ts';
import { mustBeFilled, rawName, withDay } from './row-names.ts';
import { key, member } from './source-text.ts';

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
    filled.length > 0
      ? filtering(draft, names)
      : withDay(draft) === undefined
        ? passingOn(names)
        : adding(draft, names);
  return `${head}\n${code}${dayParts ? dayOfCode(dayParts, 'Raw') : ''}`;
}

function filtering(draft: ModelDraft, { sourceVariable }: Names): string {
  const filled = mustBeFilled(draft);
  const names = filled
    .map(({ name }) => name)
    .join(' or ')
    .replaceAll(/[`$\\]/g, ' ');
  const day = withDay(draft);
  return `/** Leaves out rows without ${oneLine(names)}. Correct here what the CSV has wrong. */
export async function clean({ in: { ${sourceVariable} }, out, log }: Context): Promise<void> {
  let leftOut = 0;
  async function* complete(): AsyncGenerator<Row> {
    for await (const row of ${sourceVariable}) {
      if (canTeach(row)) yield ${day === undefined ? 'row' : `{ ...row, ${key(day)}: dayOf(row) }`};
      else leftOut += 1;
    }
  }
  await out.rows.write(complete());
  log(\`\${leftOut} of \${${sourceVariable}.rows} rows left out: no ${oneLine(names)}\`);
}

function canTeach(row: Raw): row is ${day === undefined ? 'Row' : `Omit<Row, ${JSON.stringify(day)}>`} {
  return ${filled.map(({ name }) => `${member('row', name)} !== null`).join(' && ')};
}
`;
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

function oneLine(text: string): string {
  return text.replaceAll(/[\r\n\u2028\u2029]|\*\//g, ' ');
}
