import { expect, test } from 'vitest';
import { teamName, venueName } from './names.ts';

test.each([
  {
    written: [
      ['Eden Gardens', 'Kolkata'],
      ['Eden Gardens, Kolkata', 'Kolkata'],
      ['Eden Gardens', null],
    ],
    name: 'Eden Gardens',
  },
  {
    written: [
      ['R Premadasa Stadium', 'Colombo'],
      ['R.Premadasa Stadium, Khettarama', 'Colombo'],
    ],
    name: 'R Premadasa Stadium',
  },
  {
    written: [
      ['M.Chinnaswamy Stadium', 'Bengaluru'],
      ['M Chinnaswamy Stadium, Bengaluru', 'Bangalore'],
    ],
    name: 'M Chinnaswamy Stadium',
  },
  {
    written: [
      ['W.A.C.A. Ground', 'Perth'],
      ['WACA  Ground', null],
    ],
    name: 'Western Australia Cricket Association Ground',
  },
  {
    written: [
      ['Feroz Shah Kotla', 'Delhi'],
      ['Arun Jaitley Stadium, Delhi', 'Delhi'],
    ],
    name: 'Arun Jaitley Stadium',
  },
  {
    written: [
      ['Beausejour Stadium, Gros Islet', 'St Lucia'],
      ['Darren Sammy National Cricket Stadium, St Lucia', 'Gros Islet'],
      ['Daren Sammy National Cricket Stadium, Gros Islet, St Lucia', 'Gros Islet'],
    ],
    name: 'Daren Sammy National Cricket Stadium',
  },
  {
    written: [
      ['County Ground', 'Hove'],
      ['County Ground, Hove', 'Brighton'],
    ],
    name: 'County Ground, Hove',
  },
  {
    written: [
      ['County Ground', 'Taunton'],
      ['The Cooper Associates County Ground', 'Taunton'],
    ],
    name: 'County Ground, Taunton',
  },
  {
    written: [
      ['National Stadium', 'Karachi'],
      ['National Stadium, Karachi', null],
    ],
    name: 'National Stadium, Karachi',
  },
  { written: [['Ground 1, Independence Park', 'Port Vila']], name: 'Ground 1, Independence Park' },
  { written: [['Ground 2, Independence Park', 'Port Vila']], name: 'Ground 2, Independence Park' },
  { written: [['County Ground', null]], name: 'County Ground' },
  {
    written: [
      ['Lord\u2019s', 'London'],
      [" Lord's ", 'London'],
    ],
    name: "Lord's",
  },
  {
    written: [
      ['Mill Meadow', 'Fairhaven'],
      ['Mill Meadow, Fairhaven', 'Fairhaven'],
    ],
    name: 'Mill Meadow',
  },
] as const)('$name has one name', ({ written, name }) => {
  for (const [venue, city] of written) expect(venueName(venue, city)).toBe(name);
});

test('a project may know more names, and say otherwise', () => {
  const added = { 'Mill Meadow': 'New Meadow', 'Feroz Shah Kotla': 'Kotla', 'St. John, A.': 'St John' };
  expect(venueName('Mill Meadow, Fairhaven', null, added)).toBe('New Meadow');
  expect(venueName('Feroz Shah Kotla', 'Delhi', added)).toBe('Kotla');
  expect(venueName('St. John, A.', null, added)).toBe('St John');
  expect(teamName('Northmark A', { 'Northmark A': 'Northmark' })).toBe('Northmark');
  expect(venueName('constructor', null, {})).toBe('constructor');
});

test.each([
  ['Delhi Daredevils', 'Delhi Capitals'],
  ['Kings XI Punjab', 'Punjab Kings'],
  ['Royal Challengers Bangalore', 'Royal Challengers Bengaluru'],
  ['Rising Pune Supergiants', 'Rising Pune Supergiant'],
  ['Swaziland', 'Eswatini'],
  ['U.A.E.', 'United Arab Emirates'],
  ['West Indies', 'West Indies'],
])('%s is %s', (written, name) => {
  expect(teamName(written)).toBe(name);
});
