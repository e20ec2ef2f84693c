import type { ModelDraft } from './draft.ts';
import { mustBeFilled, rawName } from './features-file.ts';
import type { Names } from './names.ts';
import { member } from './source-text.ts';

/** steps.ts of a made project: the step that cleans its rows. */
export function stepsFile(draft: ModelDraft, names: Names): string {
  const raw = rawName(draft);
  const conditions = conditionsOf(draft);
  const types = [...new Set([raw, 'Row'])].join(', ');
  const head = `import type { StepContext } from 'modelyard';
import type { ${types} } from './features.ts';

type Context = StepContext<{ ${names.sourceVariable}: ${raw} }, { rows: Row }>;
`;
  return `${head}\n${conditions.length > 0 ? filtering(names, raw, conditions) : passingOn(names)}`;
}

function filtering({ sourceVariable }: Names, raw: 'Raw' | 'Row', conditions: readonly string[]): string {
  return `/** Keeps the rows that can teach. Correct here what the CSV has wrong. */
export async function clean({ in: { ${sourceVariable} }, out, log }: Context): Promise<void> {
  let kept = 0;
  for await (const row of ${sourceVariable}) {
    if (!teaches(row)) continue;
    await out.rows.write([row]);
    kept += 1;
  }
  log(\`\${kept} of \${${sourceVariable}.rows} rows kept\`);
}

function teaches(row: ${raw}): ${raw === 'Raw' ? 'row is Row' : 'boolean'} {
  return ${conditions.join(' && ')};
}
`;
}

function passingOn({ sourceVariable }: Names): string {
  return `/** Keeps every row. Correct here what the CSV has wrong, and leave out what a model must not learn from. */
export async function clean({ in: { ${sourceVariable} }, out, log }: Context): Promise<void> {
  for await (const row of ${sourceVariable}) await out.rows.write([row]);
  log(\`\${${sourceVariable}.rows} rows\`);
}
`;
}

function conditionsOf(draft: ModelDraft): readonly string[] {
  const { target } = draft;
  const filled = mustBeFilled(draft).map(({ name }) => `${member('row', name)} !== null`);
  return draft.kind === 'number' && target.numbers && target.numbers.least > 0
    ? [...filled, `${member('row', target.name)} > 0`]
    : filled;
}
