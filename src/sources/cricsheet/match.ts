import { broken, countAt, type Fields, fieldsAt, isAbsent, listAt, type Place, textAt } from './fields.ts';
import { type Innings, inningsOf } from './innings.ts';

/** What a file says of itself before its innings: enough to choose between two files of one match and to put them in order. */
export interface MatchHead {
  readonly id: string;
  readonly revision: number;
  /** ISO date on which the file was made; '' where it does not say. */
  readonly created: string;
  /** ISO date of the first day. */
  readonly date: string;
}

/** A match with names as the file has them. */
export interface Match extends MatchHead {
  readonly matchType: string;
  readonly gender: 'male' | 'female';
  readonly overs: number | null;
  readonly venue: string;
  readonly city: string | null;
  readonly teams: readonly [string, string];
  readonly method: string | null;
  readonly result: 'win' | 'tie' | 'draw' | 'no result';
  /** Of the match, or after a tie of the super over or bowl-out. */
  readonly winner: string | null;
  readonly innings: readonly Innings[];
}

export interface MatchFile {
  /** For errors. */
  readonly file: string;
  readonly id: string;
  /** The document, of JSON or YAML. */
  readonly content: unknown;
}

/** @throws PlatformError DATA_INVALID naming the file and the field */
export function matchHead({ file, id, content }: MatchFile): MatchHead {
  const root: Place = { name: file };
  const match = fieldsAt(content, root);
  const meta = fieldsAt(match['meta'], { in: root, name: 'meta' });
  const inInfo = { in: root, name: 'info' };
  const dates = fieldsAt(match['info'], inInfo)['dates'];
  const inDates = { in: inInfo, name: 'dates' };
  const date = textAt(Array.isArray(dates) ? dates[0] : dates, inDates);
  if (!isDate(date)) throw broken(inDates, date, 'an ISO date');
  return {
    id,
    revision: countAt(meta['revision'], { in: { in: root, name: 'meta' }, name: 'revision' }),
    created: typeof meta['created'] === 'string' ? meta['created'] : '',
    date,
  };
}

/** @throws PlatformError DATA_INVALID naming the file and the field. What a newer file adds is left aside. */
export function parseMatch(source: MatchFile): Match {
  const root: Place = { name: source.file };
  const head = matchHead(source);
  const match = fieldsAt(source.content, root);
  const place = { in: root, name: 'info' };
  const info = fieldsAt(match['info'], place);
  const matchType = textAt(info['match_type'], { in: place, name: 'match_type' });
  const inInnings = { in: root, name: 'innings' };
  const innings = isAbsent(match['innings']) ? [] : listAt(match['innings'], inInnings);
  return {
    ...head,
    matchType,
    gender: genderOf(info['gender'], { in: place, name: 'gender' }),
    overs: oversOf(info['overs'], matchType, { in: place, name: 'overs' }),
    venue: textAt(info['venue'], { in: place, name: 'venue' }),
    city:
      isAbsent(info['city']) || info['city'] === ''
        ? null
        : textAt(info['city'], { in: place, name: 'city' }),
    teams: teamsOf(info['teams'], { in: place, name: 'teams' }),
    ...outcomeOf(info, place),
    innings: innings.map((value, index) => inningsOf(value, { in: inInnings, name: index })),
  };
}

function isDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true
  );
}

function genderOf(value: unknown, place: Place): 'male' | 'female' {
  if (value === 'male' || value === 'female') return value;
  throw broken(place, value, '"male" or "female"');
}

const twentyOvers = 20;

/** Some files of T20s say 50, which no T20 has: how many it was set for is not known then. */
function oversOf(value: unknown, matchType: string, place: Place): number | null {
  if (isAbsent(value)) return null;
  const overs = countAt(value, place);
  return /^I?T20$/.test(matchType) && overs > twentyOvers ? null : overs;
}

function teamsOf(value: unknown, place: Place): readonly [string, string] {
  const teams = listAt(value, place);
  const [home, away] = teams.map((team, index) => textAt(team, { in: place, name: index }));
  if (teams.length === 2 && home !== undefined && away !== undefined) return [home, away];
  throw broken(place, value, 'two teams');
}

function outcomeOf(info: Fields, above: Place): Pick<Match, 'method' | 'result' | 'winner'> {
  const place = { in: above, name: 'outcome' };
  const outcome = isAbsent(info['outcome']) ? {} : fieldsAt(info['outcome'], place);
  const winner = outcome['winner'] ?? outcome['eliminator'] ?? outcome['bowl_out'];
  return {
    method: isAbsent(outcome['method']) ? null : textAt(outcome['method'], { in: place, name: 'method' }),
    result: resultOf(outcome, { in: place, name: 'result' }),
    winner: isAbsent(winner) ? null : textAt(winner, { in: place, name: 'winner' }),
  };
}

function resultOf(outcome: Fields, place: Place): Match['result'] {
  const { result } = outcome;
  if (isAbsent(result)) return isAbsent(outcome['winner']) ? 'no result' : 'win';
  if (result === 'tie' || result === 'draw' || result === 'no result') return result;
  throw broken(place, result, '"tie", "draw" or "no result"');
}
