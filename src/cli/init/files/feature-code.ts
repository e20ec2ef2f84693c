import type { DatePart, InferredColumn } from '../column.ts';
import type { ModelDraft } from '../draft.ts';
import { featureKind } from '../feature-kind.ts';
import type { Constants } from './value-lists.ts';
import { key, literal, member } from './source-text.ts';

/** The lines of `toFeatures` for a column. */
export function featureCode(
  column: InferredColumn,
  draft: ModelDraft,
  { lists, dates }: Constants,
): readonly string[] {
  const { name, nullable } = column;
  const value = member('asked', name);
  const encoder = lists.get(column)?.encoder ?? '';
  switch (featureKind(column)) {
    case 'choice':
      return [`...${encoder}(${value}),\n`];
    case 'category':
      return [`${key(name)}: ${encoder}(${value}),\n`];
    case 'boolean':
      return [`${key(name)}: ${nullable ? `${value} === null ? NaN : ` : ''}Number(${value}),\n`];
    case 'clock':
      return [`${key(name)}: hours(${value}),\n`];
    case 'date':
      return dateCode(column, draft, dates);
    case 'number':
      return [`${key(name)}: ${value}${nullable ? ' ?? NaN' : ''},\n`];
  }
}

const codeOfPart: Readonly<Record<DatePart, (at: string) => string>> = {
  year: (at) => `${at}.getUTCFullYear()`,
  month: (at) => `${at}.getUTCMonth() + 1`,
  weekday: (at) => `${at}.getUTCDay()`,
  hour: (at) => `${at}.getUTCHours()`,
  day: (at) => `days(${at})`,
};

function dateCode(column: InferredColumn, draft: ModelDraft, dates: Constants['dates']): readonly string[] {
  const at = dates.get(column) ?? '';
  const by = draft.split.by && dates.get(draft.split.by);
  const parts = (column.dates?.parts ?? []).map(
    (part) => `${literal(`${column.name}: ${part}`)}: ${codeOfPart[part](at)},\n`,
  );
  const age =
    by !== undefined && by !== at
      ? [`${literal(`${column.name}: age in days`)}: days(${by}) - days(${at}),\n`]
      : [];
  return [...parts, ...age];
}

/** The dates that the features of a column read: 'const soldAt = new Date(asked.sold);'. */
export function dateLines({ features }: ModelDraft, { dates }: Constants): readonly string[] {
  return features.flatMap((column) => {
    const at = dates.get(column);
    const value = `${member('asked', column.name)}${column.nullable ? ' ?? NaN' : ''}`;
    return at === undefined ? [] : [`const ${at} = new Date(${value});\n`];
  });
}
