export type Labels = Readonly<Record<string, string>>;

/** Counters and measurements by name. The exporter declares the names and their labels; labels come from small, closed sets. */
export interface Meter {
  /** @param by @default 1 */
  count(metric: string, labels: Labels, by?: number): void;
  /** A value of a distribution, in base units: seconds, bytes. */
  observe(metric: string, labels: Labels, value: number): void;
  set(metric: string, labels: Labels, value: number): void;
}

export const silentMeter: Meter = { count() {}, observe() {}, set() {} };
