import {
  boostedTrees,
  constant,
  defineProject,
  lower,
  model,
  params,
  source,
  sql,
  table,
  z,
} from 'modelyard';
import { csv } from 'modelyard/sources';
import * as budget from './budget.ts';
import * as household from './household.ts';
import { asMoney, asRate } from './rate.ts';
import { simulatedHouseholds, simulatedPeople } from './simulate.ts';

export const { people, households } = params(
  z.object({
    /** The file of Indian budgets. Simulated people are used when it is unset. */
    people: z.string().optional(),
    /** The file of the Family Income and Expenditure Survey. Simulated households are used when it is unset. */
    households: z.string().optional(),
  }),
);

export const rawPeople = source(
  'people',
  csv({ from: people ?? simulatedPeople({ seed: 1, people: 5000 }), row: budget.IndianBudget }),
  { checks: { rows: { atLeast: 1000 } } },
);
export const budgets = sql(
  'budgets',
  { in: { raw: rawPeople }, out: table(budget.Person) },
  budget.peopleQuery,
);

export const savings = model('savings', {
  title: 'What a person can put aside',
  description: 'Monthly savings in India, from the income and what it is spent on.',
  rows: budgets,
  request: budget.Budget,
  features: budget.toFeatures,
  target: 'savings',
  transform: { forward: asRate, inverse: asMoney },
  split: { rows: 'independent', test: 0.2, seed: 0 },
  trainer: boostedTrees({ trees: 400, depth: 5, learningRate: 0.05 }),
  metrics: ['mae', 'r2', 'intervalCoverage'],
  baselines: { byHand: budget.byHand },
  promote: { alias: 'prod', when: lower('mae'), beats: ['byHand'] },
});

export const survey = source(
  'survey',
  csv({ from: households ?? simulatedHouseholds({ seed: 1, households: 4000 }), row: household.SurveyRow }),
  { checks: { rows: { atLeast: 1000 } } },
);
export const homes = sql(
  'homes',
  { in: { survey }, out: table(household.Surveyed) },
  household.householdsQuery,
);

const asked = {
  rows: homes,
  request: household.Household,
  features: household.toFeatures,
  split: { rows: 'independent', test: 0.2, seed: 0 },
} as const;

export const householdSavings = model('household-savings', {
  ...asked,
  title: 'What a household puts aside',
  description: 'Yearly savings of a household in the Philippines, from its income and its people.',
  target: 'savings',
  transform: { forward: asRate, inverse: asMoney },
  // A few households spend many times their income: a model of the median does not follow them.
  trainer: boostedTrees({ loss: 'quantile', trees: 400, depth: 5, learningRate: 0.05 }),
  metrics: ['mae', 'r2', 'intervalCoverage'],
  promote: { alias: 'prod', when: lower('mae') },
});

export const tenure = model('tenure', {
  ...asked,
  title: 'How a household lives',
  description: 'Whether a household owns its home, rents it or lives there for free.',
  target: 'tenure',
  trainer: boostedTrees({ trees: 200, depth: 4, learningRate: 0.05 }),
  metrics: ['logLoss', 'accuracy', 'macroF1'],
  baselines: { shares: constant() },
  promote: { alias: 'prod', when: lower('logLoss'), beats: ['shares'] },
});

export default defineProject('savings', {
  title: 'Savings',
  description: 'Predicts what people and households can put aside.',
  models: [savings, householdSavings, tenure],
});
