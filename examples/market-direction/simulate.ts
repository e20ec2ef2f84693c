import { type Chance, chanceOf, simulation } from 'modelyard';

const firstDay = Date.UTC(2016, 0, 4);
const lastDay = Date.UTC(2023, 11, 29);
const msPerDay = 86_400_000;
const symbols = [
  'ANVL',
  'BRCK',
  'CRNE',
  'DOCK',
  'FRGE',
  'GEAR',
  'HULL',
  'KILN',
  'LOOM',
  'MILL',
  'PLOW',
  'YARD',
];
/** A day's return takes back this share of the one before: real markets show far less. */
const reversal = 0.16;
/** Shares of the market's return and of a symbol's own in what moves it. */
const [marketDeviation, ownDeviation, drift] = [0.009, 0.012, 0.0003];
const splitAbove = 180;
const splitShare = 0.02;

const header = 'symbol,timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient';

interface Bar {
  readonly price: number;
  readonly split: number;
  readonly open: number;
  readonly volume: number;
}

/**
 * Eight years of daily prices in Alpha Vantage's CSV, one file a symbol. Returns partly reverse, so that there is
 * something to learn; shares split now and then, and adjusted prices know of it.
 */
export function* writeBars({ seed }: { readonly seed: number }): Generator<{
  readonly name: string;
  readonly text: string;
}> {
  const chance = chanceOf(seed);
  const days = tradingDays();
  const market = days.map(() => marketDeviation * chance.normal());
  for (const symbol of symbols) {
    const bars = barsOf(market, chance);
    yield { name: `daily-${symbol}.csv`, text: fileOf(symbol, days, bars) };
  }
}

/** The source of the project file: `simulatedBars({ seed: 1 })`. */
export const simulatedBars = simulation(writeBars);

function tradingDays(): readonly string[] {
  const days: string[] = [];
  for (let day = firstDay; day <= lastDay; day += msPerDay) {
    const date = new Date(day);
    const isWeekend = [0, 6].includes(date.getUTCDay());
    if (!isWeekend) days.push(date.toISOString().slice(0, 10));
  }
  return days;
}

function barsOf(market: readonly number[], chance: Chance): readonly Bar[] {
  let price = 40 + 60 * chance.next();
  let last = 0;
  return market.map((shared) => {
    last = drift - reversal * last + shared + ownDeviation * chance.normal();
    const open = price * Math.exp(last * chance.next());
    price *= Math.exp(last);
    const split = price > splitAbove && chance.happens(splitShare) ? 2 : 1;
    price /= split;
    return { price, split, open: open / split, volume: Math.round(1e6 * Math.exp(0.4 * chance.normal())) };
  });
}

function fileOf(symbol: string, days: readonly string[], bars: readonly Bar[]): string {
  let later = 1;
  const lines = bars.map(({ price, split, open, volume }, index) => ({ price, split, open, volume, index }));
  const written = lines.toReversed().map(({ price, split, open, volume, index }) => {
    const adjusted = price / later;
    later *= split;
    const [low, high] = [Math.min(price, open) * 0.995, Math.max(price, open) * 1.005];
    const prices = [open, high, low, price].map((value) => value.toFixed(2));
    return [symbol, days[index], ...prices, adjusted.toFixed(6), volume, 0, split].join(',');
  });
  return `${[header, ...written].join('\n')}\n`;
}
