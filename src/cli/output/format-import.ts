import type { ImportReport } from '../../exchange/import/report.ts';
import { formatBytes, formatCount, formatDuration } from '../../kernel/units.ts';

/** Ids that are listed for one reason. */
const mostIds = 3;
/** Reasons that are listed. */
const mostReasons = 40;

/** A report for people: what was imported, then what was skipped or changed, grouped by reason. */
export function formatImport(report: ImportReport): string {
  const { imported, counts, differences, source, milliseconds, isResumed } = report;
  const entities = Object.entries(imported).flatMap(([kind, { new: created, updated }]) =>
    created + updated ? [`  ${counted(created + updated, kind)}${formatUpdated(created, updated)}`] : [],
  );
  const parts = Object.entries(counts)
    .filter(([what]) => what !== 'byte')
    .map(([what, count]) => {
      const size = what === 'file' ? `, ${formatBytes(counts['byte'] ?? 0)}` : '';
      return `  ${counted(count, what)}${size}`;
    });
  const resumed = isResumed ? ', resumed after an interruption' : '';
  return [
    `Imported from ${source} in ${formatDuration(milliseconds)}${resumed}:`,
    ...entities,
    ...parts,
    ...(differences.length
      ? ['Skipped or changed (--json lists each one):', ...formatDifferences(differences)]
      : []),
  ].join('\n');
}

function formatUpdated(created: number, updated: number): string {
  if (!updated) return '';
  return created ? ` (${formatCount(updated)} updated)` : ' (updated)';
}

function formatDifferences(differences: ImportReport['differences']): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { what, reason, id } of differences) {
    const name = `${what}: ${reason}`;
    const ids = groups.get(name);
    if (ids) ids.push(id);
    else groups.set(name, [id]);
  }
  const lines = Array.from(groups, ([name, ids]) => `  ${name}${formatIds(ids.filter((id) => id !== ''))}`);
  if (lines.length <= mostReasons) return lines;
  return [...lines.slice(0, mostReasons), `  and ${formatCount(lines.length - mostReasons)} more reasons`];
}

function formatIds(ids: readonly string[]): string {
  if (!ids.length) return '';
  const more = ids.length > mostIds ? ` and ${formatCount(ids.length - mostIds)} more` : '';
  return ` (${ids.slice(0, mostIds).join(', ')}${more})`;
}

function counted(count: number, what: string): string {
  const noun = count === 1 ? what : what === 'alias' ? 'aliases' : `${what}s`;
  return `${formatCount(count).padStart(11)} ${noun}`;
}
