import { formatCount } from '../../../kernel/units.ts';
import { rolesOf } from '../choose/roles.ts';
import type { ColumnRole } from '../choose/roles.ts';
import type { Draft, Drafted } from '../draft.ts';
import type { InferredTable } from '../infer.ts';
import type { CsvFile } from '../read-csv.ts';
import { notInForecast } from '../forecast/draft-forecast.ts';
import { withBlanks } from './flag-text.ts';
import { foundTable } from './found-table.ts';
import { draftNotes, fileNotes, type Note } from './notes.ts';
import { widthOf } from './text-width.ts';

interface Found {
  readonly csv: CsvFile;
  readonly drafted: Drafted;
  /** Of the terminal. */
  readonly columns: number;
}

/** What was found in a file: its columns with their roles, what was assumed, and what looks wrong. */
export function formatFound({ csv, drafted, columns }: Found): string {
  const { table, draft } = drafted;
  const roles = draft
    ? draftRoles(draft, table)
    : rolesOf(table, { target: undefined, split: {}, without: [] });
  const notes = [...fileNotes(csv), ...(draft ? draftNotes(draft) : [])];
  return [
    `${csv.file}: ${formatCount(table.rows)} lines, ${formatCount(table.columns.length)} columns`,
    '',
    foundTable(roles, columns),
    ...(notes.length > 0 ? ['', ...notes.map((note) => formatNote(note, columns))] : []),
    '',
  ].join('\n');
}

function draftRoles(draft: Draft, table: InferredTable): readonly ColumnRole[] {
  if (draft.kind !== 'forecast') return draft.roles;
  const { time, value, series } = draft;
  return table.columns.map((column) => {
    if (column === value) return { column, role: 'target', isFeature: false };
    if (time.columns.includes(column)) return { column, role: 'time', isFeature: false };
    if (series.includes(column)) return { column, role: 'series', isFeature: false };
    return { column, role: 'left out', isFeature: false, reason: notInForecast };
  });
}

/** Indented, in lines that fit the terminal. */
function formatNote({ level, text }: Note, columns: number): string {
  const room = Math.max(40, Math.min(columns, 100)) - 4;
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= room)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines
    .map((line, at) => `  ${at > 0 ? ' ' : level === 'warning' ? '!' : '-'} ${withBlanks(line)}`)
    .join('\n');
}
