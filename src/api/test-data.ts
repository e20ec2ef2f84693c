/** Figures of a list: of which model, and on which test data. */
interface Measured {
  readonly model: string;
  readonly metrics: readonly unknown[];
  readonly testData: string | null;
}

type OnTestData = Pick<Measured, 'testData'>;

/** Whether figures are of the same test rows. Figures of unknown test data are never compared. */
export function isSameTestData(one: OnTestData, other: OnTestData): boolean {
  return one.testData !== null && one.testData === other.testData;
}

/** The items whose figures are of other test rows than the nearest figures of the same model before them. */
export function changesOfTestData<Item extends Measured>(items: readonly Item[]): ReadonlySet<Item> {
  const last = new Map<string, Item>();
  const changed = new Set<Item>();
  for (const item of items) {
    if (item.metrics.length === 0) continue;
    const before = last.get(item.model);
    if (before && !isSameTestData(before, item)) changed.add(item);
    last.set(item.model, item);
  }
  return changed;
}
