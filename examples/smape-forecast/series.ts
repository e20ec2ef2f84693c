import { simulation, z } from 'modelyard';

/** One month of one series. */
export const Point = z.object({
  series: z.string(),
  month: z.iso.date(),
  value: z.number().meta({ title: 'Sales', unit: 'units' }),
});

/** Made-up monthly sales: each series has its own level, growth, season and noise, and some change their course. */
export function* writeSeries({
  seed,
  series,
}: {
  readonly seed: number;
  readonly series: number;
}): Iterable<{ readonly name: string; readonly text: string }> {
  const draw = uniform(seed);
  const lines = ['series,month,value'];
  for (let number = 1; number <= series; number++) {
    const name = `S${String(number).padStart(4, '0')}`;
    for (const { month, value } of oneSeries(draw)) lines.push(`${name},${month},${value}`);
  }
  yield { name: 'series.csv', text: `${lines.join('\n')}\n` };
}

export const simulatedSeries = simulation(writeSeries);

function oneSeries(draw: () => number): readonly { readonly month: string; readonly value: number }[] {
  const between = (low: number, high: number): number => low + (high - low) * draw();
  const months = Math.round(between(84, 132));
  const seasonal = draw() < 0.75 ? between(0.05, 0.35) : 0;
  const figure = Array.from(
    { length: 12 },
    (_, month) => Math.sin((2 * Math.PI * month) / 12 + 0.5) + between(-0.4, 0.4),
  );
  const noise = between(0.02, 0.12);
  const turn = draw() < 0.4 ? Math.round(months * between(0.3, 0.8)) : Infinity;
  let growth = between(-0.004, 0.012);
  let level = Math.exp(between(6, 9));
  return Array.from({ length: months }, (_, at) => {
    if (at === turn) growth = between(-0.01, 0.01);
    level *= 1 + growth + noise * 0.25 * normal(draw);
    const value = level * (1 + seasonal * (figure[at % 12] ?? 0)) * (1 + noise * normal(draw));
    return { month: monthAfter(2015, at), value: Math.max(1, Math.round(value)) };
  });
}

function monthAfter(year: number, months: number): string {
  return `${year + Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}-01`;
}

function normal(draw: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

/** Mulberry32: the same numbers for the same seed. */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
