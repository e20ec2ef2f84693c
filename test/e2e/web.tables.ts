import type { EndpointView } from '../../src/api/views.ts';

type Seen = EndpointView['seen'];

/** What the version saw: no team of Ireland ever bowled. */
export function seenOf(teams: readonly string[]): Seen {
  return {
    battingTeam: { kind: 'text', values: [...teams], missing: 0 },
    bowlingTeam: { kind: 'text', values: teams.filter((team) => team !== 'Ireland'), missing: 0 },
    overs: seenNumber(0, 19.5),
    runs: seenNumber(0, 263),
  };
}

function seenNumber(low: number, high: number): Seen[string] {
  const quartiles = [0.25, 0.5, 0.75].map((share) => low + share * (high - low));
  return { kind: 'number', low, high, quartiles, missing: 0 };
}
