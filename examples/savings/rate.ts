interface Earner {
  readonly income: number;
}

/** The models learn the share of the income, and predict money. */
export function asRate(savings: number, { income }: Earner): number {
  return savings / income;
}

export function asMoney(rate: number, { income }: Earner): number {
  return rate * income;
}
