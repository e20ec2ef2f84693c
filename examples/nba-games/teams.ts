import { z } from 'modelyard';

/** The thirty teams by the id that stats.nba.com gives them, which stays when a team moves to another city. */
const teamOfId = {
  1610612737: 'ATL',
  1610612738: 'BOS',
  1610612739: 'CLE',
  1610612740: 'NOP',
  1610612741: 'CHI',
  1610612742: 'DAL',
  1610612743: 'DEN',
  1610612744: 'GSW',
  1610612745: 'HOU',
  1610612746: 'LAC',
  1610612747: 'LAL',
  1610612748: 'MIA',
  1610612749: 'MIL',
  1610612750: 'MIN',
  1610612751: 'BKN',
  1610612752: 'NYK',
  1610612753: 'ORL',
  1610612754: 'IND',
  1610612755: 'PHI',
  1610612756: 'PHX',
  1610612757: 'POR',
  1610612758: 'SAC',
  1610612759: 'SAS',
  1610612760: 'OKC',
  1610612761: 'TOR',
  1610612762: 'UTA',
  1610612763: 'MEM',
  1610612764: 'WAS',
  1610612765: 'DET',
  1610612766: 'CHA',
} as const;

export const Team = z.enum(Object.values(teamOfId));
export type Team = z.infer<typeof Team>;

const ids: Readonly<Record<string, Team>> = teamOfId;

/** Each team and its id. */
export const teams: readonly { readonly id: number; readonly name: Team }[] = Object.entries(ids).map(
  ([id, name]) => ({ id: Number(id), name }),
);

/** @param id of stats.nba.com @throws Error for a team that is not one of the thirty */
export function teamNamed(id: unknown): Team {
  const team = ids[String(id)];
  if (team) return team;
  throw new Error(`TEAM_ID ${String(id)} is not one of the thirty teams: add it to teams.ts`);
}
