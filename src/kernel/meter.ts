export type Labels = Readonly<Record<string, string>>;

/** Counts and measures by name. Names and their labels are declared by whoever exposes them; labels come from small, closed sets. */
export interface Meter {
  /** @param by @default 1 */
  count(metric: string, labels: Labels, by?: number): void;
  /** A value of a distribution, in base units: seconds, bytes. */
  observe(metric: string, labels: Labels, value: number): void;
  set(metric: string, labels: Labels, value: number): void;
}

export const silentMeter: Meter = { count() {}, observe() {}, set() {} };
