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

export interface Innings {
  readonly team: string;
  readonly superOver: boolean;
  readonly balls: readonly Ball[];
}

interface Ball {
  /** From 0. */
  readonly over: number;
  /** From 1, by position in the over. */
  readonly ball: number;
  readonly legal: boolean;
  readonly batter: string;
  readonly bowler: string;
  readonly runsBatter: number;
  readonly runsExtras: number;
  readonly runs: number;
  readonly wickets: number;
}

/**
 * Reads an innings of format 1 (`team`, `overs` of `deliveries`) or 0.9 (under its name, `deliveries` by ball number).
 * @throws PlatformError DATA_INVALID naming the file and the field
 */
export function inningsOf(value: unknown, path: FieldPath): Innings {
  const fields = fieldsAt(value, path);
  if ('team' in fields)
    return innings(fields, fields['super_over'] === true || fields['super_over'] === 'true', path);
  const [name, ...others] = Object.keys(fields);
  if (name === undefined || others.length > 0) throw broken(path, Object.keys(fields), 'one innings');
  const inner = { in: path, name };
  return innings(fieldsAt(fields[name], inner), /super over/i.test(name), inner);
}

function innings(fields: Fields, superOver: boolean, path: FieldPath): Innings {
  const team = textAt(fields['team'], { in: path, name: 'team' });
  const balls = 'deliveries' in fields ? ballsUnderNames(fields, path) : ballsByOver(fields, path);
  return { team, superOver, balls };
}

/** Format 0.9 names a ball 'over.ball' and writes the tenth as 0.10, which reads as 0.1. So we count positions instead. */
function ballsUnderNames(fields: Fields, above: FieldPath): readonly Ball[] {
  if (isAbsent(fields['deliveries'])) return [];
  const path = { in: above, name: 'deliveries' };
  const counts = new Map<number, number>();
  return listAt(fields['deliveries'], path).map((value, index) => {
    const inList = { in: path, name: index };
    const named = fieldsAt(value, inList);
    const [name = '', ...others] = Object.keys(named);
    const over = /^(\d{1,4})\.\d{1,3}$/.exec(name)?.[1];
    if (over === undefined || others.length > 0)
      throw broken(inList, Object.keys(named), 'one ball under its number');
    const ball = (counts.get(Number(over)) ?? 0) + 1;
    counts.set(Number(over), ball);
    return ballOf(named[name], { over: Number(over), ball }, { in: inList, name });
  });
}

function ballsByOver(fields: Fields, above: FieldPath): readonly Ball[] {
  if (isAbsent(fields['overs'])) return [];
  const path = { in: above, name: 'overs' };
  return listAt(fields['overs'], path).flatMap((value, index) => {
    const inOver = { in: path, name: index };
    const written = fieldsAt(value, inOver);
    const over = countAt(written['over'], { in: inOver, name: 'over' });
    const inDeliveries = { in: inOver, name: 'deliveries' };
    return listAt(written['deliveries'], inDeliveries).map((delivery, position) =>
      ballOf(delivery, { over, ball: position + 1 }, { in: inDeliveries, name: position }),
    );
  });
}

function ballOf(value: unknown, at: { readonly over: number; readonly ball: number }, path: FieldPath): Ball {
  const delivery = fieldsAt(value, path);
  const inRuns = { in: path, name: 'runs' };
  const runs = fieldsAt(delivery['runs'], inRuns);
  const extras = isAbsent(delivery['extras'])
    ? {}
    : fieldsAt(delivery['extras'], { in: path, name: 'extras' });
  return {
    over: at.over,
    ball: at.ball,
    legal: !('wides' in extras) && !('noballs' in extras),
    batter: textAt(delivery['batter'] ?? delivery['batsman'], { in: path, name: 'batter' }),
    bowler: textAt(delivery['bowler'], { in: path, name: 'bowler' }),
    runsBatter: countAt(runs['batter'] ?? runs['batsman'], { in: inRuns, name: 'batter' }),
    runsExtras: countAt(runs['extras'], { in: inRuns, name: 'extras' }),
    runs: countAt(runs['total'], { in: inRuns, name: 'total' }),
    wickets: wicketsOf(delivery['wickets'] ?? delivery['wicket'], { in: path, name: 'wickets' }),
  };
}

/** A batter who leaves hurt, or leaves and may come back, is not out. */
const notOut = new Set(['retired hurt', 'retired not out']);

function wicketsOf(value: unknown, path: FieldPath): number {
  if (isAbsent(value)) return 0;
  const wickets = Array.isArray(value) ? value : [value];
  return wickets.filter((wicket: unknown, index) => {
    const inList = { in: path, name: index };
    return !notOut.has(textAt(fieldsAt(wicket, inList)['kind'], { in: inList, name: 'kind' }));
  }).length;
}
