/** A made-up delivery. `wickets` are their kinds. */
export interface MadeBall {
  readonly over: number;
  readonly runs?: number;
  readonly extras?: Readonly<Record<string, number>>;
  readonly wickets?: readonly string[];
}

interface MadeInnings {
  readonly team: string;
  readonly balls: readonly MadeBall[];
  readonly superOver?: boolean;
  readonly absentHurt?: readonly string[];
  readonly penaltyRuns?: Readonly<Record<string, number>>;
}

export interface MadeMatch {
  readonly revision?: number;
  readonly created?: string;
  readonly date?: string;
  readonly city?: string | null;
  readonly venue?: string;
  readonly overs?: number | null;
  readonly teams?: readonly string[];
  readonly outcome?: Readonly<Record<string, unknown>>;
  readonly innings?: readonly MadeInnings[];
}

export const overOf = (over: number, balls: number): readonly MadeBall[] =>
  Array.from({ length: balls }, () => ({ over, runs: 1 }));

const usual = {
  revision: 1,
  created: '2030-01-01',
  date: '2030-01-01',
  city: 'Fairhaven',
  venue: 'Mill Meadow',
  overs: 20,
  teams: ['Northmark', 'Southmark'],
  outcome: { winner: 'Northmark', by: { runs: 3 } },
  innings: [
    { team: 'Northmark', balls: overOf(0, 6) },
    { team: 'Southmark', balls: overOf(0, 6) },
  ],
} as const satisfies MadeMatch;

const sum = (extras: Readonly<Record<string, number>> = {}): number =>
  Object.values(extras).reduce((all, one) => all + one, 0);

/** As cricsheet's JSON 1.1, with members that a reader has not heard of. */
export function asJson(changes: MadeMatch): string {
  const match: MadeMatch = { ...usual, ...changes };
  return JSON.stringify({
    meta: {
      data_version: '1.1.0',
      created: match.created,
      revision: match.revision,
      signed_by: { hand: 'K' },
    },
    info: {
      balls_per_over: 6,
      ...(match.city !== null && { city: match.city }),
      dates: [match.date],
      gender: 'female',
      match_type: 'T20',
      missing: ['umpires', { powerplays: { 1: ['all'] } }],
      outcome: match.outcome,
      ...(match.overs !== null && { overs: match.overs }),
      season: '2029/30',
      teams: match.teams,
      venue: match.venue,
    },
    innings: match.innings?.map(({ team, balls, superOver, absentHurt, penaltyRuns }) => ({
      team,
      overs: oversOf(balls),
      ...(superOver && { super_over: true }),
      ...(absentHurt && { absent_hurt: absentHurt }),
      ...(penaltyRuns && { penalty_runs: penaltyRuns }),
      powerplays: [{ from: 0.1, to: 0.6, type: 'mandatory' }],
    })),
  });
}

function oversOf(balls: readonly MadeBall[]): readonly unknown[] {
  return [...new Set(balls.map(({ over }) => over))].map((over) => ({
    over,
    deliveries: balls.filter((ball) => ball.over === over).map(jsonBall),
  }));
}

function jsonBall({ runs = 0, extras, wickets }: MadeBall): unknown {
  return {
    batter: 'A Batter',
    bowler: "O'Bowler",
    non_striker: 'N Striker',
    runs: { batter: runs, extras: sum(extras), total: runs + sum(extras), non_boundary: true },
    ...(extras && { extras }),
    ...(wickets && {
      wickets: wickets.map((kind) => ({ player_out: 'A Batter', kind, fielders: [{ name: 'F Elder' }] })),
    }),
    replacements: { role: [{ in: 'X', role: 'bowler', reason: 'injury' }] },
  };
}

/** As cricsheet's YAML 0.9: a ball is named by over and number, its tenth 0.10, and a lone wicket is no list. */
export function asYaml(changes: MadeMatch): string {
  const match: MadeMatch = { ...usual, ...changes };
  const lines = [
    '---',
    'meta:',
    '  data_version: 0.9',
    `  created: '${match.created}'`,
    `  revision: ${match.revision}`,
    'info:',
    ...(match.city === null ? [] : [`  city: ${match.city}`]),
    '  dates:',
    `    - ${match.date}`,
    '  gender: female',
    '  match_type: T20',
    '  outcome:',
    ...outcomeLines(match.outcome ?? {}),
    ...(match.overs === null ? [] : [`  overs: ${match.overs}`]),
    '  teams:',
    ...(match.teams ?? []).map((team) => `    - ${team}`),
    `  venue: '${match.venue?.replaceAll("'", "''")}'`,
    ...(match.innings?.length ? ['innings:', ...match.innings.flatMap(inningsLines)] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function outcomeLines(outcome: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(outcome).flatMap(([key, value]) =>
    typeof value === 'object' && value !== null
      ? [`    ${key}:`, ...Object.entries(value).map(([inner, count]) => `      ${inner}: ${count}`)]
      : [`    ${key}: ${String(value)}`],
  );
}

const ordinals = ['1st', '2nd', '3rd', '4th'];

function inningsLines(
  { team, balls, superOver, absentHurt, penaltyRuns }: MadeInnings,
  index: number,
): readonly string[] {
  const counts = new Map<number, number>();
  return [
    superOver ? `  - ${team} Super Over:` : `  - ${ordinals[index]} innings:`,
    `      team: ${team}`,
    ...(absentHurt ? ['      absent_hurt:', ...absentHurt.map((name) => `      - ${name}`)] : []),
    ...(penaltyRuns
      ? [
          '      penalty_runs:',
          ...Object.entries(penaltyRuns).map(([when, runs]) => `        ${when}: ${runs}`),
        ]
      : []),
    '      deliveries:',
    ...balls.flatMap((ball) => {
      const number = (counts.get(ball.over) ?? 0) + 1;
      counts.set(ball.over, number);
      return [`        - ${ball.over}.${number}:`, ...ballLines(ball).map((line) => `            ${line}`)];
    }),
  ];
}

function ballLines({ runs = 0, extras, wickets = [] }: MadeBall): readonly string[] {
  const [lone, ...more] = wickets.map((kind) => [
    'player_out: A Batter',
    `kind: ${kind}`,
    'fielders:',
    '  - F Elder',
  ]);
  const listed = [lone, ...more].flatMap((lines = []) =>
    lines.map((line, at) => (at === 0 ? `  - ${line}` : `    ${line}`)),
  );
  return [
    'batsman: A Batter',
    "bowler: O'Bowler",
    ...(extras ? ['extras:', ...Object.entries(extras).map(([kind, count]) => `  ${kind}: ${count}`)] : []),
    'non_striker: N Striker',
    'runs:',
    `  batsman: ${runs}`,
    `  extras: ${sum(extras)}`,
    `  total: ${runs + sum(extras)}`,
    ...(lone ? ['wicket:', ...(more.length > 0 ? listed : lone.map((line) => `  ${line}`))] : []),
  ];
}
