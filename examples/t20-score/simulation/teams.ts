export interface Team {
  readonly name: string;
  /** What it was called before that year. */
  readonly before?: { readonly year: number; readonly name: string };
  /** How easily it scores and how hard it is to score against; 0 is a middling full member. */
  readonly batting: number;
  readonly bowling: number;
}

export interface Ground {
  readonly name: string;
  /** The same ground in other files. */
  readonly alias?: string;
  readonly city: string;
  /** How easy scoring is there; 0 is usual. */
  readonly ease: number;
}

export const teams: readonly [Team, ...Team[]] = [
  { name: 'India', batting: 0.09, bowling: 0.06 },
  { name: 'England', batting: 0.09, bowling: 0.02 },
  { name: 'Australia', batting: 0.08, bowling: 0.04 },
  { name: 'New Zealand', batting: 0.06, bowling: 0.03 },
  { name: 'South Africa', batting: 0.07, bowling: 0.04 },
  { name: 'Pakistan', batting: 0.03, bowling: 0.07 },
  { name: 'West Indies', batting: 0.06, bowling: -0.02 },
  { name: 'Sri Lanka', batting: -0.02, bowling: 0.01 },
  { name: 'Afghanistan', batting: -0.01, bowling: 0.05 },
  { name: 'Bangladesh', batting: -0.05, bowling: 0.01 },
  { name: 'Ireland', batting: -0.03, bowling: -0.04 },
  { name: 'Zimbabwe', batting: -0.06, bowling: -0.04 },
  { name: 'Scotland', batting: -0.06, bowling: -0.09 },
  { name: 'Netherlands', batting: -0.07, bowling: -0.07 },
  { name: 'Nepal', batting: -0.1, bowling: -0.07 },
  { name: 'Oman', batting: -0.11, bowling: -0.08 },
  { name: 'United Arab Emirates', batting: -0.1, bowling: -0.1 },
  { name: 'Namibia', batting: -0.09, bowling: -0.08 },
  { name: 'United States of America', before: { year: 2019, name: 'U.S.A.' }, batting: -0.1, bowling: -0.11 },
  { name: 'Hong Kong', batting: -0.13, bowling: -0.12 },
  { name: 'Czechia', before: { year: 2022, name: 'Czech Republic' }, batting: -0.19, bowling: -0.22 },
  { name: 'Eswatini', before: { year: 2018, name: 'Swaziland' }, batting: -0.21, bowling: -0.21 },
];

export const grounds: readonly [Ground, ...Ground[]] = [
  { name: 'Eden Gardens', alias: 'Eden Gardens, Kolkata', city: 'Kolkata', ease: 0.04 },
  { name: 'Wankhede Stadium', alias: 'Wankhede Stadium, Mumbai', city: 'Mumbai', ease: 0.1 },
  { name: 'M Chinnaswamy Stadium', alias: 'M.Chinnaswamy Stadium', city: 'Bengaluru', ease: 0.11 },
  { name: 'Melbourne Cricket Ground', city: 'Melbourne', ease: -0.02 },
  { name: 'Sydney Cricket Ground', city: 'Sydney', ease: 0.03 },
  { name: 'Adelaide Oval', city: 'Adelaide', ease: 0.05 },
  { name: 'Kennington Oval', alias: 'Kennington Oval, London', city: 'London', ease: 0.06 },
  { name: 'Old Trafford', alias: 'Old Trafford, Manchester', city: 'Manchester', ease: 0.04 },
  { name: 'Trent Bridge', alias: 'Trent Bridge, Nottingham', city: 'Nottingham', ease: 0.09 },
  { name: 'Eden Park', alias: 'Eden Park, Auckland', city: 'Auckland', ease: 0.11 },
  { name: 'Seddon Park', alias: 'Seddon Park, Hamilton', city: 'Hamilton', ease: 0.07 },
  { name: 'Newlands', alias: 'Newlands, Cape Town', city: 'Cape Town', ease: 0.01 },
  { name: 'SuperSport Park', alias: 'SuperSport Park, Centurion', city: 'Centurion', ease: 0.1 },
  { name: 'Gaddafi Stadium', alias: 'Gaddafi Stadium, Lahore', city: 'Lahore', ease: 0.06 },
  { name: 'Kensington Oval', alias: 'Kensington Oval, Bridgetown', city: 'Bridgetown', ease: 0.02 },
  { name: 'Providence Stadium', alias: 'Providence Stadium, Guyana', city: 'Providence', ease: -0.09 },
  { name: 'R Premadasa Stadium', alias: 'R.Premadasa Stadium, Khettarama', city: 'Colombo', ease: -0.02 },
  {
    name: 'Shere Bangla National Stadium',
    alias: 'Shere Bangla National Stadium, Mirpur',
    city: 'Mirpur',
    ease: -0.13,
  },
  { name: 'Dubai International Cricket Stadium', city: 'Dubai', ease: -0.04 },
  { name: 'Sheikh Zayed Stadium', alias: 'Zayed Cricket Stadium, Abu Dhabi', city: 'Abu Dhabi', ease: -0.03 },
  { name: 'Sharjah Cricket Stadium', city: 'Sharjah', ease: -0.06 },
  { name: 'Harare Sports Club', city: 'Harare', ease: -0.01 },
  { name: 'The Village, Malahide', city: 'Dublin', ease: 0.01 },
  {
    name: 'Al Amerat Cricket Ground',
    city: 'Al Amarat',
    ease: -0.07,
  },
  { name: 'Tribhuvan University Ground', city: 'Kirtipur', ease: -0.01 },
];

const squadSize = 15;
const onsets = 'Bar Cal Den Fer Gor Hal Jor Kel Lan Mor Nor Pel Ras Sol Tam Ver Wes Zan'.split(' ');
const codas = 'ano bury dar ell ford gan ham ika lin mond nell ova ram son tan wick'.split(' ');
const initials = 'A B C D E G H J K L M N P R S T V W Y Z'.split(' ');

/** The names of a squad's players: made up, and no two alike in any squad. */
export function squadOf(team: Team, gender: 'male' | 'female'): readonly string[] {
  const first = (teams.indexOf(team) * 2 + (gender === 'male' ? 0 : 1)) * squadSize;
  return Array.from({ length: squadSize }, (_, index) => {
    const number = first + index;
    const surname = `${onsets[number % onsets.length]}${codas[Math.floor(number / onsets.length) % codas.length]}`;
    const round = Math.floor(number / (onsets.length * codas.length));
    const [one, two] = [
      initials[number % initials.length],
      initials[(number * 7 + round * 3) % initials.length],
    ];
    return `${one}${two} ${surname}`;
  });
}

/** What a team was called in that year. */
export function nameIn(year: number, team: Team): string {
  return team.before && year < team.before.year ? team.before.name : team.name;
}
