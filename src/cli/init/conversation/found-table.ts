import { formatCount } from '../../../kernel/units.ts';
import { type ColumnRole, isCategory } from '../choose/roles.ts';
import type { InferredColumn } from '../column.ts';
import { shortened, widthOf } from './text-width.ts';

const gap = 2;
/** A wide table is cut: these many features are enough to see what is meant. */
const mostFeatures = 24;
const widths = { column: 18, type: 11, missing: 7 } as const;
/** Of the role, which has the reasons. */
const leastRoom = 20;

/** What was found, a line for each column: name, type, missing values, examples and what it is for. */
export function foundTable(roles: readonly ColumnRole[], columns: number): string {
  const visible = rowsToShow(roles);
  const rows = visible.map(({ column, role, isFeature, reason }) => [
    column.name,
    typeText(column),
    column.missing > 0 ? formatCount(column.missing) : '',
    column.examples.join(', '),
    roleText({ role, isFeature, reason }),
  ]);
  const used = [widths.column, widths.type, widths.missing, examplesWidth(columns)].map((most, at) =>
    Math.min(most, Math.max(headings[at]?.length ?? 0, ...rows.map((row) => widthOf(row[at] ?? '')))),
  );
  const room = Math.max(leastRoom, columns - 2 - used.reduce((sum, width) => sum + width + gap, 0));
  const lines = [[...headings], ...rows].map((row) => {
    const [first = '', ...more] = wrapped(row[4] ?? '', room);
    const cells = used.map((width, at) => padded(row[at] ?? '', { width, right: at === 2 }));
    const indent = ' '.repeat(2 + used.reduce((sum, width) => sum + width + gap, 0));
    return [
      `  ${[...cells, first].join(' '.repeat(gap))}`.trimEnd(),
      ...more.map((line) => indent + line),
    ].join('\n');
  });
  const hidden = roles.length - visible.length;
  return [...lines, ...(hidden > 0 ? [`  … and ${formatCount(hidden)} more columns like these`] : [])].join(
    '\n',
  );
}

function roleText({ role, isFeature, reason }: Omit<ColumnRole, 'column'>): string {
  if (role === 'time')
    return isFeature ? 'time, feature' : reason === undefined ? role : `time alone: ${reason}`;
  return reason === undefined ? role : `${role}: ${reason}`;
}

const headings = ['column', 'type', 'missing', 'examples', 'role'] as const;

function examplesWidth(columns: number): number {
  const others = widths.column + widths.type + widths.missing + leastRoom + 4 * gap + 2;
  return Math.min(30, Math.max(12, columns - others));
}

/** All columns, or of many those that are no features and the first of each kind. */
function rowsToShow(roles: readonly ColumnRole[]): readonly ColumnRole[] {
  if (roles.length <= 40) return roles;
  const perRole = new Map<string, number>();
  return roles.filter(({ role, reason }) => {
    const kind = `${role} ${reason ?? ''}`;
    const count = (perRole.get(kind) ?? 0) + 1;
    perRole.set(kind, count);
    return count <= (role === 'feature' ? mostFeatures : 5);
  });
}

function typeText(column: InferredColumn): string {
  const { type, isClock, distinct } = column;
  if (type === undefined) return 'empty';
  if (type === 'timestamp') return 'time';
  if (type === 'boolean') return 'yes/no';
  if (type === 'string') return isClock ? 'time' : `text (${distinct >= 10_000 ? '10k+' : distinct})`;
  return isCategory(column) ? `code (${distinct})` : type;
}

function padded(text: string, { width, right }: { readonly width: number; readonly right: boolean }): string {
  const cut = shortened(text, width);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(cut)));
  return right ? blanks + cut : cut + blanks;
}

function wrapped(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll(/\s+/g, ' ').split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(shortened(word, room));
  }
  return lines;
}
