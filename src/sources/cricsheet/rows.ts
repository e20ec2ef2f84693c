import { PlatformError } from '../../kernel/errors.ts';
import type { Delivery } from './delivery.ts';
import type { Match } from './match.ts';
import { type Aliases, teamName, venueName } from './names.ts';

export interface Naming {
  readonly teams: Aliases;
  readonly venues: Aliases;
}

/** The deliveries of a match in the order of play, with one name for each team and ground. @param file for errors */
export function* deliveriesOf(match: Match, naming: Naming, file: string): Generator<Delivery> {
  const teams = match.teams.map((team) => teamName(team, naming.teams));
  const venue = venueName(match.venue, match.city, naming.venues);
  const winner = match.winner === null ? null : teamName(match.winner, naming.teams);
  for (const [index, { team, superOver, balls }] of match.innings.entries()) {
    const battingTeam = teamName(team, naming.teams);
    const bowlingTeam = teams[1 - teams.indexOf(battingTeam)];
    if (bowlingTeam === undefined || !teams.includes(battingTeam))
      throw new PlatformError('DATA_INVALID', {
        field: `${file}: innings[${index}].team`,
        value: team,
        remedy: `The match is between ${teams.join(' and ')}; give both names of a renamed team in \`teams\`.`,
      });
    // Object spread made this four times slower.
    for (const ball of balls)
      yield {
        matchId: match.id,
        revision: match.revision,
        date: match.date,
        matchType: match.matchType,
        gender: match.gender,
        overs: match.overs,
        venue,
        city: match.city,
        method: match.method,
        result: match.result,
        winner,
        innings: index + 1,
        superOver,
        battingTeam,
        bowlingTeam,
        over: ball.over,
        ball: ball.ball,
        legal: ball.legal,
        batter: ball.batter,
        bowler: ball.bowler,
        runsBatter: ball.runsBatter,
        runsExtras: ball.runsExtras,
        runs: ball.runs,
        wickets: ball.wickets,
      };
  }
}
