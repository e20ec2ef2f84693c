import { normalNumber, type Random } from '../../kernel/random.ts';

/** A finished trial: where it is in the unit cube, and its loss. */
export interface Observed {
  readonly positions: readonly number[];
  readonly loss: number;
}

/** The share of trials that count as good. */
const goodShare = 0.25;
/** Positions that are drawn, of which the most promising is used. */
const candidates = 24;

/**
 * The next position by a Tree-structured Parzen Estimator (Bergstra et al., NeurIPS 2011): drawn near the best quarter of the
 * trials, and of 24 draws the one where these are densest in comparison with the others.
 */
export function proposeByDensity(
  observed: readonly Observed[],
  dimensions: number,
  random: Random,
): readonly number[] {
  const ranked = observed.filter(({ loss }) => Number.isFinite(loss)).toSorted((a, b) => a.loss - b.loss);
  const good = ranked.slice(0, Math.max(1, Math.ceil(goodShare * ranked.length)));
  const others = ranked.slice(good.length);
  const densities = Array.from({ length: dimensions }, (_, index) => {
    const at = ({ positions }: Observed): number => positions[index] ?? 0.5;
    return { good: densityOf(good.map(at)), others: densityOf(others.map(at)) };
  });
  const drawn = Array.from({ length: candidates }, () => densities.map((of) => of.good.draw(random)));
  const promise = (positions: readonly number[]): number =>
    densities.reduce((sum, of, index) => {
      const at = positions[index] as number;
      return sum + Math.log(of.good.at(at)) - Math.log(of.others.at(at));
    }, 0);
  const scores = drawn.map(promise);
  return drawn[scores.indexOf(Math.max(...scores))] ?? [];
}

interface Density {
  readonly at: (position: number) => number;
  readonly draw: (random: Random) => number;
}

/** A mixture of normal distributions inside 0 to 1: a wide one in the middle, and one at each point, as wide as its larger gap. */
function densityOf(points: readonly number[]): Density {
  const sorted = points.toSorted((a, b) => a - b);
  const narrowest = 1 / Math.min(100, sorted.length + 2);
  const kernels = [
    { mean: 0.5, width: 1 },
    ...sorted.map((mean, index) => {
      const [below, above] = [sorted[index - 1] ?? 0, sorted[index + 1] ?? 1];
      return { mean, width: Math.min(1, Math.max(narrowest, mean - below, above - mean)) };
    }),
  ];
  return {
    at: (position) =>
      kernels.reduce(
        (sum, { mean, width }) => sum + Math.exp(-(((position - mean) / width) ** 2) / 2) / width,
        0,
      ) / kernels.length,
    draw(random) {
      const { mean, width } = kernels[Math.floor(random() * kernels.length)] ?? { mean: 0.5, width: 1 };
      for (;;) {
        const position = mean + width * normalNumber(random);
        if (position >= 0 && position <= 1) return position;
      }
    },
  };
}
