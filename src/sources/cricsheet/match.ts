import { daysOf } from '../../data/calendar.ts';
import {
  broken,
  countAt,
  type Fields,
  fieldsAt,
  isAbsent,
  listAt,
  type FieldPath,
  textAt,
} from './fields.ts';
import { type Innings, inningsOf } from './innings.ts';

/** The metadata before a file's innings: enough to choose between two files of one match and to sort them. */
export interface MatchHead {
  readonly id: string;
  readonly revision: number;
  /** ISO date of the file; '' if it has none. */
  readonly created: string;
  /** ISO date of the first day. */
  readonly date: string;
}

/** A match, with the names that the file uses. */
export interface Match extends MatchHead {
  readonly matchType: string;
  readonly gender: 'male' | 'female';
  readonly overs: number | null;
  readonly venue: string;
  readonly city: string | null;
  readonly teams: readonly [string, string];
  readonly method: string | null;
  readonly result: 'win' | 'tie' | 'draw' | 'no result';
  /** The winner of the match, or after a tie of the super over or bowl-out. */
  readonly winner: string | null;
  readonly innings: readonly Innings[];
}

export interface MatchFile {
  /** The file's name, for errors. */
  readonly file: string;
  readonly id: string;
  /** The parsed JSON or YAML document. */
  readonly content: unknown;
}

/** @throws PlatformError DATA_INVALID naming the file and the field */
export function matchHead({ file, id, content }: MatchFile): MatchHead {
  const root: FieldPath = { name: file };
  const match = fieldsAt(content, root);
  const meta = fieldsAt(match['meta'], { in: root, name: 'meta' });
  const inInfo = { in: root, name: 'info' };
  const dates = fieldsAt(match['info'], inInfo)['dates'];
  const inDates = { in: inInfo, name: 'dates' };
  const date = textAt(Array.isArray(dates) ? dates[0] : dates, inDates);
  if (daysOf(date) === undefined) throw broken(inDates, date, 'an ISO date');
  return {
    id,
    revision: countAt(meta['revision'], { in: { in: root, name: 'meta' }, name: 'revision' }),
    created: typeof meta['created'] === 'string' ? meta['created'] : '',
    date,
  };
}

/** Ignores fields of newer formats. @throws PlatformError DATA_INVALID naming the file and the field */
export function parseMatch(source: MatchFile): Match {
  const root: FieldPath = { name: source.file };
  const head = matchHead(source);
  const match = fieldsAt(source.content, root);
  const path = { in: root, name: 'info' };
  const info = fieldsAt(match['info'], path);
  const matchType = textAt(info['match_type'], { in: path, name: 'match_type' });
  const inInnings = { in: root, name: 'innings' };
  const innings = isAbsent(match['innings']) ? [] : listAt(match['innings'], inInnings);
  return {
    ...head,
    matchType,
    gender: genderOf(info['gender'], { in: path, name: 'gender' }),
    overs: oversOf(info['overs'], matchType, { in: path, name: 'overs' }),
    venue: textAt(info['venue'], { in: path, name: 'venue' }),
    city:
      isAbsent(info['city']) || info['city'] === '' ? null : textAt(info['city'], { in: path, name: 'city' }),
    teams: teamsOf(info['teams'], { in: path, name: 'teams' }),
    ...outcomeOf(info, path),
    innings: innings.map((value, index) => inningsOf(value, { in: inInnings, name: index })),
  };
}

function genderOf(value: unknown, path: FieldPath): 'male' | 'female' {
  if (value === 'male' || value === 'female') return value;
  throw broken(path, value, '"male" or "female"');
}

const twentyOvers = 20;

/** Some T20 files say 50 overs, which is impossible; then the number is unknown. */
function oversOf(value: unknown, matchType: string, path: FieldPath): number | null {
  if (isAbsent(value)) return null;
  const overs = countAt(value, path);
  return /^I?T20$/.test(matchType) && overs > twentyOvers ? null : overs;
}

function teamsOf(value: unknown, path: FieldPath): readonly [string, string] {
  const teams = listAt(value, path);
  const [first, second] = teams.map((team, index) => textAt(team, { in: path, name: index }));
  if (teams.length === 2 && first !== undefined && second !== undefined) return [first, second];
  throw broken(path, value, 'two teams');
}

function outcomeOf(info: Fields, above: FieldPath): Pick<Match, 'method' | 'result' | 'winner'> {
  const path = { in: above, name: 'outcome' };
  const outcome = isAbsent(info['outcome']) ? {} : fieldsAt(info['outcome'], path);
  const winner = outcome['winner'] ?? outcome['eliminator'] ?? outcome['bowl_out'];
  return {
    method: isAbsent(outcome['method']) ? null : textAt(outcome['method'], { in: path, name: 'method' }),
    result: resultOf(outcome, { in: path, name: 'result' }),
    winner: isAbsent(winner) ? null : textAt(winner, { in: path, name: 'winner' }),
  };
}

function resultOf(outcome: Fields, path: FieldPath): Match['result'] {
  const { result } = outcome;
  if (isAbsent(result)) return isAbsent(outcome['winner']) ? 'no result' : 'win';
  if (result === 'tie' || result === 'draw' || result === 'no result') return result;
  throw broken(path, result, '"tie", "draw" or "no result"');
}
