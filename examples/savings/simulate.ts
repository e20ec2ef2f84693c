import { type Chance, chanceOf, pick, simulation } from 'modelyard';

type File = { readonly name: string; readonly text: string };

interface Drawn {
  readonly name: string;
  readonly header: string;
  readonly line: (chance: Chance) => string;
}

function drawnFile({ name, header, line }: Drawn, seed: number, count: number): File {
  const chance = chanceOf(seed);
  const lines = Array.from({ length: count }, () => line(chance));
  return { name, text: `${[header, ...lines].join('\n')}\n` };
}

/** Shares of the income that go to an expense, from and to, in the order of the file's columns. */
const shares: readonly (readonly [from: number, to: number])[] = [
  [0.15, 0.3],
  [0, 0.2],
  [0.02, 0.05],
  [0.1, 0.15],
  [0.05, 0.08],
  [0.02, 0.05],
  [0.02, 0.05],
  [0.04, 0.08],
  [0.03, 0.05],
  [0, 0.1],
  [0.01, 0.03],
];
/** The part of the goal that each dependent takes away. */
const dependentShare = 0.1;
const peopleHeader =
  'Income,Age,Dependents,Occupation,City_Tier,Rent,Loan_Repayment,Insurance,Groceries,Transport,Eating_Out,Entertainment,Utilities,Healthcare,Education,Miscellaneous,Desired_Savings';

/**
 * People with the columns of the Indian budgets: expenses are shares of the income, and the wanted savings a share that
 * grows with the income, shrinks with dependents and is cut where less is left.
 */
export function* writePeople({
  seed,
  people,
}: {
  readonly seed: number;
  readonly people: number;
}): Generator<File> {
  yield drawnFile({ name: 'people.csv', header: peopleHeader, line: personLine }, seed, people);
}

/** The source of the project file: `simulatedPeople({ seed: 1, people: 5000 })`. */
export const simulatedPeople = simulation(writePeople);

function personLine(chance: Chance): string {
  const income = Math.exp(10.3 + 0.75 * chance.normal());
  const expenses = shares.map(([from, to], index) => {
    const hasNone = index === 1 && chance.happens(0.6);
    return hasNone ? 0 : income * (from + (to - from) * chance.next());
  });
  const left = income - expenses.reduce((total, expense) => total + expense, 0);
  const dependents = chance.below(5);
  const [least, most] = income > 100_000 ? [0.15, 0.25] : income > 50_000 ? [0.1, 0.15] : [0.05, 0.1];
  const goal = income * (least + (most - least) * chance.next()) * (1.2 - dependentShare * dependents);
  const savings = Math.max(0, Math.min(goal, left * (0.8 + 0.2 * chance.next())));
  const who = [
    18 + chance.below(47),
    dependents,
    pick(['Professional', 'Retired', 'Self_Employed', 'Student'], chance),
    pick(['Tier_1', 'Tier_2', 'Tier_2', 'Tier_3'], chance),
  ];
  return [income.toFixed(2), ...who, ...[...expenses, savings].map((value) => value.toFixed(2))].join(',');
}

const surveyHeader =
  'Total Household Income,Region,Household Head Sex,Household Head Age,Household Head Highest Grade Completed,Household Head Job or Business Indicator,Main Source of Income,Type of Household,Total Number of Family members,Members with age less than 5 year old,Members with age 5 - 17 years old,Total number of family members employed,Tenure Status,total_expenditure';
const surveyedRegions: readonly [string, ...string[]] = [
  'NCR',
  'IVA - CALABARZON',
  'III - Central Luzon',
  'VI - Western Visayas',
  'V - Bicol Region',
  ' ARMM',
];
const grades: readonly [string, ...string[]] = [
  'No Grade Completed',
  'Grade 4',
  'Elementary Graduate',
  'Second Year High School',
  'High School Graduate',
  'First Year College',
  'Engineering and Engineering Trades Programs',
];

/**
 * Households with the columns of the survey: the poor spend all that they earn, the rich put a part aside, and who rents
 * lives in a town and is young.
 */
export function* writeHouseholds({
  seed,
  households,
}: {
  readonly seed: number;
  readonly households: number;
}): Generator<File> {
  yield drawnFile({ name: 'households.csv', header: surveyHeader, line: householdLine }, seed, households);
}

/** The source of the project file: `simulatedHouseholds({ seed: 1, households: 4000 })`. */
export const simulatedHouseholds = simulation(writeHouseholds);

function householdLine(chance: Chance): string {
  const income = Math.exp(12 + 0.7 * chance.normal());
  const region = pick(surveyedRegions, chance);
  const age = Math.round(Math.min(95, Math.max(18, 50 + 14 * chance.normal())));
  const [infants, children] = [chance.below(3), chance.below(4)];
  const members = 1 + infants + children + chance.below(3);
  const rate = 0.18 + 0.12 * Math.log(income / 164_000) - 0.015 * (members - 4) + 0.12 * chance.normal();
  const leansToRent = (region === 'NCR' ? 0.35 : 0.05) + (age < 40 ? 0.2 : 0);
  const tenure = chance.happens(leansToRent)
    ? 'Rent house/room including lot'
    : chance.happens(0.2)
      ? 'Rent-free house and lot with consent of owner'
      : 'Own or owner-like possession of house and lot';
  return [
    Math.round(income),
    region,
    chance.happens(0.22) ? 'Female' : 'Male',
    age,
    pick(grades, chance),
    chance.happens(0.82) ? 'With Job/Business' : 'No Job/Business',
    pick(['Wage/Salaries', 'Enterpreneurial Activities', 'Other sources of Income'], chance),
    chance.happens(0.3) ? 'Extended Family' : 'Single Family',
    members,
    infants,
    children,
    chance.below(4),
    tenure,
    Math.round(income * (1 - rate)),
  ].join(',');
}
