import { type ErrorCode, PlatformError } from '../../kernel/errors.ts';
import { formatCount } from '../../kernel/units.ts';

// Runs of spaces are made one space first: `\s*` before something optional takes cubic time on a line of spaces.
const name = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?';
const extras = `\\[ ?${name}(?: ?, ?${name})* ?\\]`;
const specifier = '(?:===|==|~=|!=|<=|>=|<|>) ?[A-Za-z0-9.*+!_-]*[A-Za-z0-9*]';
const specifiers = `${specifier}(?: ?, ?${specifier})*`;
/** A comparison of a marker, such as `python_version < "3.13"`; quotes hold no spaces, where pip would find options. */
const operand = `(?:"[A-Za-z0-9._+*-]*"|'[A-Za-z0-9._+*-]*'|[a-z_]+)`;
const comparison = `(?:\\( ?)*${operand} ?(?:===|==|~=|!=|<=|>=|<|>|\\bnot in\\b|\\bin\\b) ?${operand}(?: ?\\))*`;
const marker = `${comparison}(?: ?\\b(?:and|or)\\b ?${comparison})*`;
const requirement = new RegExp(
  `^${name} ?(?:${extras})? ?(?:${specifiers}|\\( ?${specifiers} ?\\))? ?(?:; ?${marker})?$`,
);

/** In characters, without comments. Python's own packages need about 300. */
const longestLine = 2000;

/** pip takes such a name for a file. */
const archive = /\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.[a-z0-9]+)$/i;

/**
 * The packages of a requirements file, sorted, so that the same packages are the same environment. A line is a package with
 * extras, versions and a marker; blank lines and comments are skipped. Other lines could install from anywhere.
 * @throws PlatformError of `code` with the number of the line
 */
export function parseRequirements(lines: readonly string[], code: ErrorCode): readonly string[] {
  const packages = lines.flatMap((text, index) => {
    const line = withoutComment(text).trim();
    if (line === '') return [];
    const refused = (remedy: string): PlatformError =>
      new PlatformError(code, { field: `line ${index + 1} of requirements.txt`, value: line, remedy });
    if (line.length > longestLine) throw refused(`must have at most ${formatCount(longestLine)} characters`);
    const packageLine = line.replace(/\s+/g, ' ');
    if (requirement.test(packageLine) && !isArchive(packageLine)) return [packageLine];
    throw refused(`${refusalOf(line)}: write a package and its version, such as numpy==2.4.6`);
  });
  return [...new Set(packages)].toSorted();
}

function withoutComment(text: string): string {
  const start = text.search(/(?:^|\s)#/);
  return start === -1 ? text : text.slice(0, start);
}

function isArchive(line: string): boolean {
  const [first = ''] = line.split(/[\s[(;<>=!~]/);
  return archive.test(first);
}

function refusalOf(line: string): string {
  if (line.endsWith('\\')) return 'must be one line';
  if (/\s--?[a-z]/i.test(line) || line.startsWith('-'))
    return 'must have no options; the package index is a setting of the server';
  if (/:\/\/|^git\+|\s@\s|@/.test(line)) return 'must have no address; install the package from an index';
  if (/^[./~]|[/\\]/.test(line) || isArchive(line))
    return 'must have no path; install the package from an index';
  return 'must be a package as in PEP 508';
}
