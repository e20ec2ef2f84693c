import type { StepContext } from 'modelyard';
import { afterGame, type Form, newcomer, onDay, type TeamForm } from './form.ts';
import type { TeamGame } from './games.ts';
import type { Team } from './teams.ts';

type Context = StepContext<{ games: TeamGame }, { rows: TeamForm }>;

/** Writes what is known of each team after each of its games, in the order of time. */
export async function formOverTime({ in: { games }, out, log }: Context): Promise<void> {
  const atHome: TeamGame[] = [];
  for await (const game of games) if (game.atHome) atHome.push(game);
  await out.rows.write(formAfter(atHome));
  log(`${atHome.length} games`);
}

/** @param games from the side of the team at home; in any order */
export function* formAfter(games: readonly TeamGame[]): Generator<TeamForm> {
  const forms = new Map<Team, Form>();
  const inOrder = games.toSorted((a, b) => (`${a.date}${a.gameId}` < `${b.date}${b.gameId}` ? -1 : 1));
  for (const { date, team, opponent, margin } of inOrder) {
    const before = (name: Team): Form => onDay(forms.get(name) ?? newcomer, date);
    const after = afterGame({ home: before(team), away: before(opponent) }, { date, margin });
    forms.set(team, after.home).set(opponent, after.away);
    yield { team, date, ...after.home };
    yield { team: opponent, date, ...after.away };
  }
}
