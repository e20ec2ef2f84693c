import { type Random, seededRandom } from '../../kernel/random.ts';
import { csvFile, type CsvFile } from './read-csv.ts';

/** Units of the made-up columns. */
export const houseUnits: ReadonlyMap<string, string> = new Map([
  ['size', 'm²'],
  ['age', 'years'],
  ['price', 'EUR'],
]);

const houses = 600;

/** What a square metre costs, in EUR. The towns do not exist. */
const towns = [
  ['Alderby', 3900],
  ['Brackenfold', 2400],
  ['Cloverham', 3100],
  ['Dunmere', 2700],
  ['Elderwick', 2100],
] as const;

/** 600 made-up houses, sold from 2022 to 2024, as a CSV: the same every time. Some do not tell their age. */
export function madeUpHouses(): CsvFile {
  const random = seededRandom(20);
  const lines = Array.from({ length: houses }, (_, index) => houseLine(index, random));
  return csvFile('sales.csv', `sold,town,size,rooms,age,garden,price\n${lines.join('\n')}\n`);
}

function houseLine(index: number, random: Random): string {
  const years = (index + random()) * (3 / houses);
  const sold = new Date(Date.UTC(2022, 0, 1) + years * 365.25 * 86_400_000).toISOString().slice(0, 10);
  const [town, perMetre] = towns[Math.floor(random() * towns.length)] ?? towns[0];
  const size = Math.round(45 * Math.exp(1.25 * random()));
  const rooms = Math.max(1, Math.round(size / 26 + 2 * random() - 1));
  const age = Math.floor(90 * random() ** 1.5);
  const garden = random() < 0.2 + size / 300;
  const worn = 1 - 0.004 * Math.min(age, 60);
  const noise = 1 + 0.12 * (random() + random() + random() - 1.5);
  const price = (perMetre * size * worn + 6000 * rooms + (garden ? 24_000 : 0)) * 1.03 ** years * noise;
  return [
    sold,
    town,
    size,
    rooms,
    random() < 0.04 ? '' : age,
    garden ? 'yes' : 'no',
    Math.round(price / 500) * 500,
  ].join(',');
}
