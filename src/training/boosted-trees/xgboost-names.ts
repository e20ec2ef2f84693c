/**
 * Feature names as XGBoost takes them: without `[`, `]` and `<`, which it refuses. MLflow gives XGBoost the columns of a
 * data frame by these names, so the signature of a model has them too.
 * @returns one name a feature, each different; a name that XGBoost takes stays as it is
 * @example xgboostNames(['ocean <1H', 'age']) // ['ocean _1H', 'age']
 */
export function xgboostNames(features: readonly string[]): readonly string[] {
  const taken = new Set(features.filter((name) => !refused.test(name)));
  return features.map((name) => {
    if (!refused.test(name)) return name;
    const plain = name.replaceAll(/[[\]<]/g, '_');
    let free = plain;
    for (let number = 2; taken.has(free); number++) free = `${plain}_${number}`;
    taken.add(free);
    return free;
  });
}

const refused = /[[\]<]/;

/** The names that XGBoost has in another form, with the true one of each; undefined where all are the same. */
export function renamedFeatures(features: readonly string[]): Readonly<Record<string, string>> | undefined {
  const names = xgboostNames(features);
  const renamed = features.flatMap((name, at) => (names[at] === name ? [] : [[names[at] ?? name, name]]));
  return renamed.length > 0 ? (Object.fromEntries(renamed) as Record<string, string>) : undefined;
}
