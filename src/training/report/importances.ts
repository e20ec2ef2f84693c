import { type Random, seededRandom } from '../../kernel/random.ts';

/** Which features predictions rely on. */
export interface Importances {
  /** Test rows that were predicted for it. */
  readonly rows: number;
  /** Their mean loss: the absolute error, or −ln of the probability of what happened. */
  readonly loss: number;
  readonly features: readonly {
    readonly feature: string;
    /** What the features that were shuffled together are computed from. @default the feature alone was shuffled */
    readonly origin?: FeatureOrigin | undefined;
    /** How much the mean loss rises when the values are shuffled between rows. */
    readonly increase: number;
  }[];
}

/** The request fields and the lookups that a feature is computed from. */
interface FeatureOrigin {
  readonly fields: readonly string[];
  readonly lookups: readonly string[];
}

/** Features that are shuffled together. */
export interface FeatureGroup {
  readonly features: readonly string[];
  /** What all of them are computed from. @default not known */
  readonly origin?: FeatureOrigin;
}

export interface ImportanceRows {
  readonly groups: readonly FeatureGroup[];
  readonly rows: number;
  /** The mean loss of the rows. @param shuffled features whose values each row takes from another row. @default none */
  readonly meanLoss: (shuffled?: Shuffled) => Promise<number>;
}

export interface Shuffled {
  readonly features: readonly string[];
  /** For each row, the row whose values it gets. */
  readonly from: Int32Array;
}

const mostRows = 1000;
/** Test rows that importances need. */
export const fewestRows = 50;
/** Rows predicted in all, and numbers in the matrices of those: together about a second. */
const mostPredictions = 150_000;
const mostNumbers = 50_000_000;
const shuffles = 3;
const mostFeatures = 100;

/** The number of test rows for importances; 0 if there are too few rows for so many features. */
export function importanceRows(rows: number, features: number): number {
  const affordable = Math.min(
    mostRows,
    Math.floor(mostPredictions / (shuffles * features)),
    Math.floor(mostNumbers / (shuffles * features * features)),
  );
  const used = Math.min(rows, affordable);
  return features > 0 && used >= fewestRows ? used : 0;
}

/**
 * Permutation importance (Breiman, Machine Learning 45, 2001) on test rows. It needs nothing from the trainer, so every
 * trainer has it and two of them can be compared, unlike the gain of trees or the coefficients of a linear model; and it
 * measures what predictions of new rows rely on, instead of what the fit used. Features that say the same share their
 * importance: shuffling one leaves the other. So features of one request field are shuffled together.
 */
export async function importancesOf({ groups, rows, meanLoss }: ImportanceRows): Promise<Importances> {
  const random = seededRandom(0);
  const loss = await meanLoss();
  const found: Importances['features'][number][] = [];
  for (const { features, origin } of groups) {
    const [feature = ''] = features;
    let sum = 0;
    for (let time = 0; time < shuffles; time++)
      sum += await meanLoss({ features, from: shuffledRows(rows, random) });
    found.push({ feature, increase: sum / shuffles - loss, ...(origin && { origin }) });
  }
  return {
    rows,
    loss,
    features: found.toSorted((a, b) => b.increase - a.increase).slice(0, mostFeatures),
  };
}

/** Fisher and Yates' shuffle of 0, 1, 2 … */
function shuffledRows(count: number, random: Random): Int32Array {
  const order = Int32Array.from({ length: count }, (_, row) => row);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
  return order;
}
