import { type Chance, chanceOf, simulation } from 'modelyard';
import { matchFile } from './simulation/file.ts';
import { drawGround, drawTeams, type Fixture, playMatch, type Side } from './simulation/match.ts';
import { nameIn, squadOf, type Team } from './simulation/teams.ts';

const firstDay = Date.UTC(2016, 0, 2);
const days = 3_280;
const msPerDay = 86_400_000;
const firstId = 1_000_001;

/**
 * Simulated T20 internationals of the years 2016 to 2024 as files of cricsheet's JSON, in order of date. They have the
 * quirks of real files: teams renamed, grounds under two names, rain, ties, batters who retire, women's matches.
 */
export function* writeMatches({
  seed,
  matches,
}: {
  readonly seed: number;
  readonly matches: number;
}): Generator<{ readonly name: string; readonly text: string }> {
  const chance = chanceOf(seed);
  for (let index = 0; index < matches; index += 1) {
    const id = firstId + index * 17;
    const day = Math.floor(((index + chance.next()) / matches) * days);
    const date = new Date(firstDay + day * msPerDay).toISOString().slice(0, 10);
    yield { name: `${id}.json`, text: writeMatch({ id, date }, chance) };
  }
}

/** The source of the project file: `simulatedMatches({ seed: 1, matches: 400 })`. */
export const simulatedMatches = simulation(writeMatches);

function writeMatch({ id, date }: { readonly id: number; readonly date: string }, chance: Chance): string {
  const year = Number(date.slice(0, 4));
  const fixture = drawFixture(chance);
  const { alias, name, city } = fixture.ground;
  const tossWinner = chance.happens(0.5) ? fixture.first : fixture.second;
  return matchFile(playMatch(fixture, chance), {
    id,
    date,
    revision: chance.happens(0.1) ? 2 : 1,
    venue: alias !== undefined && chance.happens(0.25) ? alias : name,
    ...(chance.happens(0.15) ? {} : { city }),
    nameOf: ({ team }) => nameIn(year, team),
    toss: { winner: tossWinner, decision: tossWinner === fixture.first ? 'bat' : 'field' },
  });
}

function drawFixture(chance: Chance): Fixture {
  const gender = chance.happens(0.18) ? 'female' : 'male';
  const [first, second] = drawTeams(chance);
  const side = (team: Team): Side => ({ team, players: elevenOf(squadOf(team, gender), chance) });
  return { gender, ground: drawGround(chance), first: side(first), second: side(second) };
}

/** Eleven players of a squad, in its order. */
function elevenOf(squad: readonly string[], chance: Chance): readonly string[] {
  const playing = [...squad];
  while (playing.length > 11) playing.splice(chance.below(playing.length), 1);
  return playing;
}
