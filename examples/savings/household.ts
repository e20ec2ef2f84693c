import { type Features, z } from 'modelyard';

const regions = [
  'ARMM',
  'CAR',
  'Caraga',
  'I - Ilocos Region',
  'II - Cagayan Valley',
  'III - Central Luzon',
  'IVA - CALABARZON',
  'IVB - MIMAROPA',
  'IX - Zasmboanga Peninsula',
  'NCR',
  'V - Bicol Region',
  'VI - Western Visayas',
  'VII - Central Visayas',
  'VIII - Eastern Visayas',
  'X - Northern Mindanao',
  'XI - Davao Region',
  'XII - SOCCSKSARGEN',
] as const;

/** Ascending. */
const schooling = ['None', 'Elementary', 'High school', 'College', 'Degree'] as const;

const unit = 'PHP per year';
const household = {
  income: z
    .number()
    .positive()
    .meta({ title: 'Income', unit, examples: [250_000] }),
  region: z.enum(regions).meta({ title: 'Region', examples: ['NCR'] }),
  headAge: z
    .int()
    .min(9)
    .max(120)
    .meta({ title: 'Age of the head', unit: 'years', examples: [48] }),
  headSex: z.enum(['Female', 'Male']).meta({ title: 'Sex of the head', examples: ['Male'] }),
  schooling: z.enum(schooling).meta({
    title: 'Schooling of the head',
    description: 'The highest that was begun.',
    examples: ['High school'],
  }),
  hasJob: z.boolean().meta({ title: 'The head has a job or business', examples: [true] }),
  livesFrom: z
    .enum(['Wages', 'Business', 'Other'])
    .meta({ title: 'Main source of the income', examples: ['Wages'] }),
  extended: z
    .boolean()
    .meta({ title: 'Relatives beyond parents and children live with them', examples: [false] }),
  members: z
    .int()
    .min(1)
    .max(40)
    .meta({ title: 'Members', examples: [5] }),
  infants: z
    .int()
    .min(0)
    .max(20)
    .meta({ title: 'Children under 5', examples: [0] }),
  children: z
    .int()
    .min(0)
    .max(20)
    .meta({ title: 'Children from 5 to 17', examples: [2] }),
  employed: z
    .int()
    .min(0)
    .max(20)
    .meta({ title: 'Employed members', examples: [1] }),
};

/** The prediction request: a household of the Philippines. */
export const Household = z.object(household);
export type Household = z.infer<typeof Household>;

/** A household, what it puts aside in a year, and how it lives. */
export const Surveyed = z.object({
  ...household,
  savings: z
    .number()
    .meta({ title: 'Savings', unit, description: 'Below 0 where more is spent than earned.' }),
  tenure: z.enum(['owned', 'rented', 'free']).meta({ title: 'Home' }),
});

/** The columns of the Family Income and Expenditure Survey that are used. */
export const SurveyRow = z.object({
  'Total Household Income': z.number(),
  Region: z.string(),
  'Household Head Sex': z.string(),
  'Household Head Age': z.int(),
  'Household Head Highest Grade Completed': z.string(),
  'Household Head Job or Business Indicator': z.string(),
  'Main Source of Income': z.string(),
  'Type of Household': z.string(),
  'Total Number of Family members': z.int(),
  'Members with age less than 5 year old': z.int(),
  'Members with age 5 - 17 years old': z.int(),
  'Total number of family members employed': z.int(),
  'Tenure Status': z.string(),
  total_expenditure: z.number(),
});

/** Savings are what is not spent. Homes under no title at all are left out. */
export const householdsQuery = `
  select "Total Household Income" as income, trim("Region") as region, "Household Head Age" as headAge,
    "Household Head Sex" as headSex, "Household Head Job or Business Indicator" = 'With Job/Business' as hasJob,
    "Total Number of Family members" as members, "Members with age less than 5 year old" as infants,
    "Members with age 5 - 17 years old" as children, "Total number of family members employed" as employed,
    case
      when "Household Head Highest Grade Completed" in ('No Grade Completed', 'Preschool') then 'None'
      when regexp_matches("Household Head Highest Grade Completed", '^(Grade|Elementary)') then 'Elementary'
      when "Household Head Highest Grade Completed" like '%High School%' then 'High school'
      when regexp_matches("Household Head Highest Grade Completed", '(College|Secondary)$') then 'College'
      else 'Degree'
    end as schooling,
    case "Main Source of Income"
      when 'Wage/Salaries' then 'Wages'
      when 'Enterpreneurial Activities' then 'Business'
      else 'Other'
    end as livesFrom,
    "Type of Household" = 'Extended Family' as extended,
    "Total Household Income" - total_expenditure as savings,
    case
      when "Tenure Status" like 'Own or owner%' then 'owned'
      when "Tenure Status" like 'Rent house%' or "Tenure Status" = 'Own house, rent lot' then 'rented'
      else 'free'
    end as tenure
  from survey
  where "Tenure Status" <> 'Not Applicable'`;

/** Regions as one feature each: they have no order. */
export function toFeatures(home: Household): Features {
  return {
    income: home.income,
    incomePerHead: home.income / home.members,
    headAge: home.headAge,
    headIsFemale: Number(home.headSex === 'Female'),
    schooling: schooling.indexOf(home.schooling),
    hasJob: Number(home.hasJob),
    fromWages: Number(home.livesFrom === 'Wages'),
    fromBusiness: Number(home.livesFrom === 'Business'),
    extended: Number(home.extended),
    members: home.members,
    infants: home.infants,
    children: home.children,
    employed: home.employed,
    ...Object.fromEntries(regions.map((region) => [region, Number(home.region === region)])),
  };
}
