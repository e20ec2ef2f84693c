import type { ImportReport } from '../exchange/import/report.ts';
import { formatBytes, formatCount, formatDuration } from '../kernel/units.ts';

/** Things of one kind with one reason are told together, with so many of their names. */
const mostNamed = 3;
/** Reasons that are told. */
const mostReasons = 40;

/** A report for people: what came over in numbers, then what did not, by reason. */
export function importWords(report: ImportReport): string {
  const { brought, counts, left, source, milliseconds, isResumed } = report;
  const things = Object.entries(brought).flatMap(([kind, { new: fresh, updated }]) =>
    fresh + updated ? [`  ${counted(fresh + updated, kind)}${updatedWords(fresh, updated)}`] : [],
  );
  const parts = Object.entries(counts)
    .filter(([what]) => what !== 'byte')
    .map(([what, count]) => {
      const size = what === 'file' ? `, ${formatBytes(counts['byte'] ?? 0)}` : '';
      return `  ${counted(count, what)}${size}`;
    });
  const resumed = isResumed ? ', going on with an import that was stopped' : '';
  return [
    `Brought from ${source} in ${formatDuration(milliseconds)}${resumed}:`,
    ...things,
    ...parts,
    ...(left.length ? ['Not brought, or not as it was (--json names each):', ...leftWords(left)] : []),
  ].join('\n');
}

function updatedWords(fresh: number, updated: number): string {
  if (!updated) return '';
  return fresh ? ` (${formatCount(updated)} of them here already)` : ' (here already, brought up to date)';
}

function leftWords(left: ImportReport['left']): readonly string[] {
  const groups = new Map<string, string[]>();
  for (const { what, why, id } of left) {
    const name = `${what}: ${why}`;
    const ids = groups.get(name);
    if (ids) ids.push(id);
    else groups.set(name, [id]);
  }
  const lines = Array.from(groups, ([name, ids]) => `  ${name}${namedWords(ids.filter((id) => id !== ''))}`);
  if (lines.length <= mostReasons) return lines;
  return [...lines.slice(0, mostReasons), `  and ${formatCount(lines.length - mostReasons)} reasons more`];
}

function namedWords(ids: readonly string[]): string {
  if (!ids.length) return '';
  const more = ids.length > mostNamed ? ` and ${formatCount(ids.length - mostNamed)} more` : '';
  return ` (${ids.slice(0, mostNamed).join(', ')}${more})`;
}

function counted(count: number, what: string): string {
  const noun = count === 1 ? what : what === 'alias' ? 'aliases' : `${what}s`;
  return `${formatCount(count).padStart(11)} ${noun}`;
}
