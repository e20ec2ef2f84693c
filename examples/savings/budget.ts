import { type Features, z } from 'modelyard';

const unit = 'INR per month';
const money = (title: string, example = 0): z.ZodNumber =>
  z
    .number()
    .min(0)
    .meta({ title, unit, examples: [example] });

const budget = {
  income: z
    .number()
    .positive()
    .meta({ title: 'Income', unit, examples: [50_000] }),
  age: z
    .int()
    .min(15)
    .max(100)
    .meta({ title: 'Age', unit: 'years', examples: [35] }),
  dependents: z
    .int()
    .min(0)
    .max(20)
    .meta({ title: 'Dependents', examples: [1] }),
  occupation: z
    .enum(['Professional', 'Retired', 'Self_Employed', 'Student'])
    .meta({ title: 'Occupation', examples: ['Professional'] }),
  cityTier: z
    .enum(['Tier_1', 'Tier_2', 'Tier_3'])
    .meta({ title: 'Size of the city', description: 'Tier 1 is the largest.', examples: ['Tier_2'] }),
  rent: money('Rent', 10_000),
  loanRepayment: money('Loan repayment'),
  insurance: money('Insurance', 1_500),
  groceries: money('Groceries', 6_000),
  transport: money('Transport', 3_000),
  eatingOut: money('Eating out', 1_500),
  entertainment: money('Entertainment', 1_500),
  utilities: money('Utilities', 3_000),
  healthcare: money('Healthcare', 1_500),
  education: money('Education'),
  miscellaneous: money('Miscellaneous', 1_000),
};

/** The prediction request: a person and what the person spends in a month. */
export const Budget = z.object(budget);
export type Budget = z.infer<typeof Budget>;

/** A person and what the person wants to put aside. */
export const Person = z.object({ ...budget, savings: money('Savings') });

/** The columns of the data set 'Indian Personal Finance and Spending Habits' that are used. */
export const IndianBudget = z.object({
  Income: z.number(),
  Age: z.int(),
  Dependents: z.int(),
  Occupation: budget.occupation,
  City_Tier: budget.cityTier,
  Rent: z.number(),
  Loan_Repayment: z.number(),
  Insurance: z.number(),
  Groceries: z.number(),
  Transport: z.number(),
  Eating_Out: z.number(),
  Entertainment: z.number(),
  Utilities: z.number(),
  Healthcare: z.number(),
  Education: z.number(),
  Miscellaneous: z.number(),
  Desired_Savings: z.number(),
});

export const peopleQuery = `
  select Income as income, Age as age, Dependents as dependents, Occupation as occupation, City_Tier as cityTier,
    Rent as rent, Loan_Repayment as loanRepayment, Insurance as insurance, Groceries as groceries,
    Transport as transport, Eating_Out as eatingOut, Entertainment as entertainment, Utilities as utilities,
    Healthcare as healthcare, Education as education, Miscellaneous as miscellaneous, Desired_Savings as savings
  from raw`;

const tiers: Readonly<Record<Budget['cityTier'], number>> = { Tier_1: 1, Tier_2: 2, Tier_3: 3 };

/** Shares of the income: what is left of it bounds what can be put aside. */
export function toFeatures(person: Budget): Features {
  const { income } = person;
  return {
    income,
    age: person.age,
    dependents: person.dependents,
    cityTier: tiers[person.cityTier],
    student: Number(person.occupation === 'Student'),
    retired: Number(person.occupation === 'Retired'),
    left: 1 - expensesOf(person) / income,
    rent: person.rent / income,
    loanRepayment: person.loanRepayment / income,
    education: person.education / income,
  };
}

function expensesOf(person: Budget): number {
  return (
    person.rent +
    person.loanRepayment +
    person.insurance +
    person.groceries +
    person.transport +
    person.eatingOut +
    person.entertainment +
    person.utilities +
    person.healthcare +
    person.education +
    person.miscellaneous
  );
}

/** The rule by hand: a share of the income by its size, and not more than is left. */
export function byHand(person: Budget): number {
  const { income } = person;
  const share = income > 100_000 ? 0.2 : income > 50_000 ? 0.125 : 0.08;
  return Math.max(0, Math.min(share * income, income - expensesOf(person)));
}
