/** What a person would predict of a file. Other files run without a target. */
export interface CsvCase {
  readonly target: string;
  /** @default the kind that `init` decides */
  readonly kind?: 'model' | 'forecast';
  /** More options of `init`, if it has them. */
  readonly options?: readonly string[];
}

/** By the name of the file without its endings. */
export const csvCases: Readonly<Record<string, CsvCase>> = {
  california: { target: 'median_house_value' },
  titanic: { target: 'survived' },
  'bike-hour': { target: 'cnt', kind: 'model' },
  SeoulBikeData: { target: 'Rented Bike Count', kind: 'model' },
  'auto-mpg': { target: 'mpg' },
  mpg: { target: 'mpg' },
  penguins: { target: 'body_mass_g' },
  flights: { target: 'passengers' },
  diamonds: { target: 'price' },
  taxis: { target: 'total', kind: 'model' },
  seaice: { target: 'Extent' },
  insurance: { target: 'charges' },
  'wine-white': { target: 'quality' },
  concrete: { target: 'strength' },
  usedcars: { target: 'price' },
  kc_house_data: { target: 'price', kind: 'model' },
  houses_to_rent_v2: { target: 'total' },
  AirQualityUCI: { target: 'C6H6_GT', kind: 'model' },
  'student-mat': { target: 'G3' },
  NBA_2020: { target: 'PTS' },
  'auto_imports-noheader': { target: 'column 26', options: ['--no-header'] },
  billboard: { target: 'x2nd.week' },
  gdp_per_capita: { target: '2015' },
  adult: { target: 'income' },
  telco: { target: 'Churn' },
  airquality: { target: 'Ozone' },
  chipotle: { target: 'item_price' },
};
