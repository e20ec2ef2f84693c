import { type ErrorCode, PlatformError } from '../../kernel/errors.ts';

const name = '[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?';
const extras = `\\[\\s*${name}(?:\\s*,\\s*${name})*\\s*\\]`;
const specifier = '(?:===|==|~=|!=|<=|>=|<|>)\\s*[A-Za-z0-9.*+!_-]*[A-Za-z0-9*]';
const specifiers = `${specifier}(?:\\s*,\\s*${specifier})*`;
/** A comparison of a marker, such as `python_version < "3.13"`; quotes hold no spaces, where pip would find options. */
const operand = `(?:"[A-Za-z0-9._+*-]*"|'[A-Za-z0-9._+*-]*'|[a-z_]+)`;
const comparison = `\\(*\\s*${operand}\\s*(?:===|==|~=|!=|<=|>=|<|>|\\bnot\\s+in\\b|\\bin\\b)\\s*${operand}\\s*\\)*`;
const marker = `${comparison}(?:\\s*\\b(?:and|or)\\b\\s*${comparison})*`;
const requirement = new RegExp(
  `^${name}\\s*(?:${extras})?\\s*(?:${specifiers}|\\(\\s*${specifiers}\\s*\\))?\\s*(?:;\\s*${marker})?$`,
);

/** pip takes such a name for a file. */
const archive = /\.(?:whl|zip|tar|tgz|tbz|txz|tlz|tar\.[a-z0-9]+)$/i;

/**
 * The packages of a requirements file, sorted, so that the same packages are the same environment. A line is a package with
 * extras, versions and a marker; blank lines and comments are skipped. Other lines could install from anywhere.
 * @throws PlatformError of `code` with the number of the line
 */
export function parseRequirements(lines: readonly string[], code: ErrorCode): readonly string[] {
  const packages = lines.flatMap((text, index) => {
    const line = text.replace(/(^|\s)#.*$/, '').trim();
    if (line === '') return [];
    if (requirement.test(line) && !isArchive(line)) return [line];
    throw new PlatformError(code, {
      field: `line ${index + 1} of requirements.txt`,
      value: line,
      remedy: `${refusalOf(line)}: write a package and its version, such as numpy==2.4.6`,
    });
  });
  return [...new Set(packages)].toSorted();
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
