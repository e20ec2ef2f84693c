import { formatCause, PlatformError } from '../../kernel/errors.ts';
import { formatCount } from '../../kernel/units.ts';
import type { Origin } from '../../project/tables/origin.ts';
import type { RawFile, ReadContext, Reader } from '../../project/tables/source.ts';
import { table } from '../../project/tables/table.ts';
import { utf8Text } from '../utf8-text.ts';
import { Delivery } from './delivery.ts';
import { jsonBefore } from './json-head.ts';
import { matchHead, type MatchHead, parseMatch } from './match.ts';
import type { Aliases } from './names.ts';
import { deliveriesOf, type Naming } from './rows.ts';
import { readYaml } from './yaml.ts';

export interface CricsheetOptions {
  /** An archive or folder of match files, in JSON or YAML: 'https://cricsheet.org/downloads/t20s_json.zip' */
  readonly from: Origin;
  /** Names of teams that the built-in renames miss, from the file's name to the one to use. @default {} */
  readonly teams?: Aliases;
  /** As `teams`, for grounds. @default {} */
  readonly venues?: Aliases;
}

/**
 * Ball-by-ball cricket from cricsheet.org: JSON 1.0 and 1.1, and the older YAML 0.9. A row is a delivery. Each team and
 * ground has one name. After a tie `winner` is the winner of the super over or bowl-out. Penalty runs outside a delivery are
 * in no row. A T20 whose file has more than 20 overs gets 20.
 */
export function cricsheet({ from, teams = {}, venues = {} }: CricsheetOptions): Reader<Delivery> {
  return {
    kind: 'cricsheet',
    version: 1,
    from,
    options: { teams, venues },
    table: table(Delivery),
    read: readCricsheet,
  };
}

/**
 * Reads match files into deliveries, ordered by date, match id and play. If several files have the same match id (the file
 * name without folder and ending), the highest revision counts. Skips files that are not matches.
 * @throws PlatformError DATA_INVALID naming the file, the field and the value, or if there is no match at all
 */
export async function* readCricsheet(
  files: readonly RawFile[],
  context: ReadContext,
): AsyncGenerator<Delivery> {
  const matches = files.filter(isMatchFile);
  if (matches.length === 0) throw nothingToRead(files);
  const chosen = await chooseFiles(matches);
  context.log(
    `${formatCount(chosen.length)} matches; skipped ${formatCount(files.length - matches.length)} other files ` +
      `and ${formatCount(matches.length - chosen.length)} earlier revisions`,
  );
  for (const [index, { file, id }] of chosen.entries()) {
    const content = readDocument(file.name, utf8Text(await file.bytes(), file.name, refetch));
    for (const row of deliveriesOf(
      parseMatch({ file: file.name, id, content }),
      namingOf(context),
      file.name,
    ))
      yield row;
    context.progress(index + 1, chosen.length);
  }
}

interface Chosen extends MatchHead {
  readonly file: RawFile;
}

async function chooseFiles(files: readonly RawFile[]): Promise<readonly Chosen[]> {
  const chosen = new Map<string, Chosen>();
  for (const file of files) {
    const head = { file, ...readHead(file.name, utf8Text(await file.bytes(), file.name, refetch)) };
    const other = chosen.get(head.id);
    if (!other || isLater(head, other)) chosen.set(head.id, head);
  }
  return [...chosen.values()].toSorted((a, b) => compare(a.date, b.date) || compare(a.id, b.id));
}

function isLater(one: MatchHead, other: MatchHead): boolean {
  return one.revision === other.revision ? one.created > other.created : one.revision > other.revision;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isMatchFile({ name }: RawFile): boolean {
  const hidden = name.split('/').some((part) => part.startsWith('.') || part === '__MACOSX');
  return !hidden && /\.(json|ya?ml)$/i.test(name);
}

/** Parses only the head of a file: its innings, nearly all of it, come last. */
function readHead(file: string, text: string): MatchHead {
  const id = file.replace(/^.*\//, '').replace(/\.\w+$/, '');
  const head = isJson(file) ? jsonBefore(text, 'innings') : yamlBefore(text, 'innings');
  const hasInfo = head !== undefined && /(?:^|\n|")info"?\s*:/.test(head);
  return matchHead({ file, id, content: readDocument(file, hasInfo ? head : text) });
}

function yamlBefore(text: string, name: string): string | undefined {
  const start = text.indexOf(`\n${name}:`);
  return start < 0 ? undefined : text.slice(0, start + 1);
}

function readDocument(file: string, text: string): unknown {
  if (!isJson(file)) return readYaml(text, file);
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const value = formatCause(cause);
    throw new PlatformError('DATA_INVALID', { field: file, value, remedy: refetch }, { cause });
  }
}

const refetch = 'Fetch the file again, or remove it from the source.';

function isJson(file: string): boolean {
  return file.toLowerCase().endsWith('.json');
}

function namingOf({ options }: ReadContext): Naming {
  return { teams: namesIn(options['teams']), venues: namesIn(options['venues']) };
}

function namesIn(option: unknown): Aliases {
  return typeof option === 'object' && option !== null ? (option as Aliases) : {};
}

function nothingToRead(files: readonly RawFile[]): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: 'files of the source',
    value: files.slice(0, 3).map(({ name }) => name),
    remedy: 'No cricsheet match found: name an archive or folder of match files that end in .json or .yaml.',
  });
}
