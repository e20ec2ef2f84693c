import type { ModelDraft } from '../draft.ts';
import { featureKind } from '../feature-kind.ts';

/** The functions that `toFeatures` of a made project calls. */
export function helpersOf({ features }: ModelDraft): readonly string[] {
  const has = (kind: string): boolean => features.some((column) => featureKind(column) === kind);
  return [
    ...(has('choice') ? [oneOf] : []),
    ...(has('category') ? [codeIn] : []),
    ...(has('date') ? [days] : []),
    ...(has('clock') ? [hours] : []),
  ];
}

const oneOf = `/** A feature for each value: 1 for the one that is given. A value that is not in the list has a 0 for each. */
function oneOf(name: string, values: readonly string[]): (given: string | null) => Features {
  const features = (of: (value: string) => number): Features =>
    Object.fromEntries(values.map((value) => [\`\${name}: \${value}\`, of(value)]));
  const known = new Map(values.map((value) => [value, features((each) => Number(each === value))]));
  const [missing, unknown] = [features(() => NaN), features(() => 0)];
  return (given) => (given === null ? missing : (known.get(given) ?? unknown));
}
`;

const codeIn = `/** The code of a category: its position in the list. All values that are not in the list share one code. */
function codeIn(values: readonly string[]): (given: string | null) => number {
  const positions = new Map(values.map((value, at) => [value, at]));
  return (given) => (given === null ? NaN : (positions.get(given) ?? values.length));
}
`;

const days = `/** Days since 1970. */
function days(at: Date): number {
  return at.getTime() / 86_400_000;
}
`;

const hours = `/** 18.5 of 18:30. */
function hours(time: string | null): number {
  if (time === null) return NaN;
  const [hour = NaN, minute = 0] = time.split(':').map(Number);
  return hour + minute / 60;
}
`;
