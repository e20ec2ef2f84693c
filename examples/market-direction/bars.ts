import { type Features, z } from 'modelyard';

/** A day's prices as Alpha Vantage's TIME_SERIES_DAILY_ADJUSTED gives them, and the symbol. */
export const Bar = z.object({
  symbol: z.string(),
  timestamp: z.iso.date(),
  open: z.number().positive(),
  high: z.number().positive(),
  low: z.number().positive(),
  close: z.number().positive(),
  adjusted_close: z.number().positive(),
  volume: z.number().min(0),
  split_coefficient: z.number().positive(),
});

const returns = {
  lastReturn: z.number(),
  weekReturn: z.number(),
  monthReturn: z.number(),
  volatility: z.number(),
  marketReturn: z.number(),
};

/** What is known of a symbol when a day has closed: returns as logarithms of the price's ratio. */
export const Day = z.object({ symbol: z.string(), date: z.iso.date(), ...returns });

/** A day and its direction. */
export const Direction = z.object({
  symbol: z.string(),
  date: z.iso.date(),
  up: z.boolean().meta({ title: 'Closes higher' }),
});
export type Direction = z.infer<typeof Direction>;

/** The prediction request: a symbol and the trading day to predict. */
export const Question = z.object({
  symbol: z
    .string()
    .min(1)
    .meta({ title: 'Symbol', examples: ['ANVL'] }),
  date: z.iso.date().meta({
    title: 'Day',
    description: 'Prices up to the trading day before are used.',
    examples: ['2023-12-29'],
  }),
});
export type Question = z.infer<typeof Question>;

type Known = Omit<z.infer<typeof Day>, 'symbol' | 'date'>;

/** Returns in units of the symbol's own volatility, so that calm and wild symbols are alike. */
export function toFeatures(
  _question: Question,
  { before }: { readonly before?: Known | undefined },
): Features {
  const scale = before && before.volatility > 0 ? before.volatility : Number.NaN;
  return {
    lastReturn: (before?.lastReturn ?? Number.NaN) / scale,
    weekReturn: (before?.weekReturn ?? Number.NaN) / (scale * Math.sqrt(5)),
    monthReturn: (before?.monthReturn ?? Number.NaN) / (scale * Math.sqrt(20)),
    againstMarket: ((before?.lastReturn ?? Number.NaN) - (before?.marketReturn ?? Number.NaN)) / scale,
    volatility: scale,
  };
}
