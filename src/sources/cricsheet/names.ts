/** Renames that a project adds: from a name in the files to the name to use. */
export type Aliases = Readonly<Record<string, string>>;

/** The one name of a team. @param added has precedence over the built-in names */
export function teamName(written: string, added: Aliases = {}): string {
  const name = tidied(written);
  return lookUp(name, added) ?? teams.get(name.toLowerCase()) ?? name;
}

/**
 * The one name of a ground: its latest built-in name, without the town that some files add after a comma and without the
 * dots of initials. A ground whose name is shared by several keeps its town, or gets the city.
 * @param city as in the file
 * @param added has precedence over the built-in names
 */
export function venueName(written: string, city: string | null, added: Aliases = {}): string {
  const name = tidied(undotted(written));
  const renamed = lookUp(tidied(written), added) ?? lookUp(name, added);
  if (renamed !== undefined) return renamed;
  const [ground = name, suffix] = name.split(', ');
  const town = suffix ?? (city === null ? undefined : tidied(city));
  const full = isShared(ground) && town !== undefined ? `${ground}, ${town}` : ground;
  return lookUp(full, added) ?? venues.get(full.toLowerCase()) ?? full;
}

function lookUp(name: string, added: Aliases): string | undefined {
  return Object.hasOwn(added, name) ? added[name] : undefined;
}

function tidied(name: string): string {
  return name
    .replaceAll('\u2019', "'")
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\s*,\s*/g, ', ')
    .trim();
}

/** 'R.Premadasa' becomes 'R Premadasa', and 'W.A.C.A. Ground' 'WACA Ground'. */
function undotted(name: string): string {
  return name.replaceAll(/\b([A-Z])\.(?=[A-Z]\b)/g, '$1').replaceAll('.', ' ');
}

const sharedGrounds = new Set([
  'county ground',
  'national stadium',
  'national cricket stadium',
  'national cricket ground',
  'cricket ground',
  'city oval',
  'university oval',
  'university ground',
  'recreation ground',
  'sports ground',
]);

function isShared(ground: string): boolean {
  return sharedGrounds.has(ground.toLowerCase()) || /^(ground|oval|pitch)( no)? \w{1,2}$/i.test(ground);
}

/** The name to use, and the other names that files use for the same ground. */
const venueAliases: Readonly<Record<string, readonly string[]>> = {
  'Arun Jaitley Stadium': ['Feroz Shah Kotla', 'Feroz Shah Kotla Ground'],
  'Bellerive Oval': ['Blundstone Arena', 'Ninja Stadium'],
  'Bermuda National Stadium': ['National Stadium, Hamilton'],
  'Boland Park': ['Boland Bank Park', 'Eurolux Boland Park'],
  'Bready Cricket Club': ['Bready'],
  'Brisbane Cricket Ground': ['The Gabba', 'Gabba'],
  'Clontarf Cricket Club Ground': ['Castle Avenue'],
  'County Ground, Hove': ['County Ground, Brighton', 'The 1st Central County Ground'],
  'County Ground, Taunton': ['The Cooper Associates County Ground'],
  'Daren Sammy National Cricket Stadium': [
    'Beausejour Stadium',
    'Darren Sammy National Cricket Stadium',
    'Daren Sammy Cricket Ground',
  ],
  'De Beers Diamond Oval': ['Diamond Oval', 'Kimberley Oval'],
  'Docklands Stadium': ['Marvel Stadium', 'Etihad Stadium', 'Telstra Dome'],
  'Gahanga International Cricket Stadium': ['Gahanga International Cricket Stadium Rwanda'],
  'Grange Cricket Club': ['Grange Cricket Club Ground'],
  'Greenfield International Stadium': ['The Sports Hub'],
  'ICC Academy': ['ICC Global Cricket Academy'],
  'Kardinia Park': ['Simonds Stadium', 'GMHBA Stadium', 'Skilled Stadium'],
  'Kennington Oval': ['The Oval'],
  'Kinrara Academy Oval': ['Bayuemas Oval'],
  'Lancaster Park': ['AMI Stadium', 'Jade Stadium'],
  'Maharashtra Cricket Association Stadium': ['Subrata Roy Sahara Stadium'],
  'Mangaung Oval': ['OUTsurance Oval', 'Chevrolet Park'],
  'Narendra Modi Stadium': ['Sardar Patel Stadium'],
  'National Cricket Stadium, Grenada': ["National Cricket Stadium, St George's"],
  'P Sara Oval': ['P Saravanamuttu Stadium', 'Paikiasothy Saravanamuttu Stadium'],
  'Pembroke Cricket Club': ['Sydney Parade'],
  'Perth Stadium': ['Optus Stadium'],
  'Punjab Cricket Association IS Bindra Stadium': ['Punjab Cricket Association Stadium'],
  'Senwes Park': ['JB Marks Oval', 'North West Cricket Stadium'],
  'Sheikh Zayed Stadium': ['Zayed Cricket Stadium'],
  'Shere Bangla National Stadium': [
    'Sher-e-Bangla National Cricket Stadium',
    'Shere Bangla National Cricket Stadium',
  ],
  'Stadium Australia': ['ANZ Stadium', 'Accor Stadium', 'Telstra Stadium'],
  'Sydney Showground Stadium': ['ENGIE Stadium', 'Spotless Stadium'],
  'Sylhet International Cricket Stadium': ['Sylhet Stadium'],
  'The Rose Bowl': ['The Ageas Bowl', 'Ageas Bowl', 'Utilita Bowl'],
  'The Wanderers Stadium': ['New Wanderers Stadium', 'DP World Wanderers Stadium'],
  'Wellington Regional Stadium': ['Westpac Stadium', 'Sky Stadium'],
  'Western Australia Cricket Association Ground': ['WACA Ground', 'WACA'],
};

/** As `venueAliases`. A franchise that replaced another one under a new owner is a different team. */
const teamAliases: Readonly<Record<string, readonly string[]>> = {
  'Czech Republic': ['Czechia', 'Czech Rep.'],
  'Delhi Capitals': ['Delhi Daredevils'],
  Eswatini: ['Swaziland'],
  'Ivory Coast': ["Cote d'Ivoire", "C\u00f4te d'Ivoire"],
  'Punjab Kings': ['Kings XI Punjab'],
  'Rising Pune Supergiant': ['Rising Pune Supergiants'],
  'Royal Challengers Bengaluru': ['Royal Challengers Bangalore'],
  Turkey: ['T\u00fcrkiye', 'Turkiye'],
  'United Arab Emirates': ['U.A.E.', 'UAE'],
  'United States of America': ['U.S.A.', 'USA'],
};

const venues = namesByAlias(venueAliases);
const teams = namesByAlias(teamAliases);

function namesByAlias(table: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(table).flatMap(([name, others]) => others.map((other) => [other.toLowerCase(), name])),
  );
}
