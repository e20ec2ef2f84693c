/**
 * A name for each of several trainers: its own, with a number where two have the same.
 * @example partNames(['linear', 'linear', 'logistic']) // ['linear 1', 'linear 2', 'logistic']
 */
function partNames(trainers: readonly string[]): readonly string[] {
  return trainers.map((name, index) => {
    const isAlone = trainers.filter((other) => other === name).length === 1;
    const number = trainers.slice(0, index + 1).filter((other) => other === name).length;
    return isAlone ? name : `${name} ${number}`;
  });
}

/** Values by name of each part, as values of the average: 'trees of boosted-trees'. */
export function paramsOfParts<Value>(
  parts: readonly {
    readonly trainer: string;
    readonly params: Readonly<Record<string, Value>>;
  }[],
): Readonly<Record<string, Value>> {
  const names = partNames(parts.map(({ trainer }) => trainer));
  return Object.fromEntries(
    parts.flatMap(({ params }, index) =>
      Object.entries(params).map(([name, value]) => [`${name} of ${names[index]}`, value] as const),
    ),
  );
}
