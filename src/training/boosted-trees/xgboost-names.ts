/**
 * Feature names for XGBoost, which refuses `[`, `]` and `<`. MLflow passes XGBoost the columns of a data frame by these
 * names, so the signature of a model has them too.
 * @returns one name for each feature, all different; valid names do not change
 * @example xgboostNames(['ocean <1H', 'age']) // ['ocean _1H', 'age']
 */
export function xgboostNames(features: readonly string[]): readonly string[] {
  return replaceCharacters(features, /[[\]<]/gu);
}

/**
 * Replaces characters of names by underscores.
 * @param characters a global expression
 * @returns one name for each feature, all different; names without such characters do not change
 */
export function replaceCharacters(features: readonly string[], characters: RegExp): readonly string[] {
  const taken = new Set(features.filter((name) => name.search(characters) < 0));
  return features.map((name) => {
    if (name.search(characters) < 0) return name;
    const plain = name.replaceAll(characters, '_');
    let free = plain;
    for (let number = 2; taken.has(free); number++) free = `${plain}_${number}`;
    taken.add(free);
    return free;
  });
}

/** The names that XGBoost needs in another form, with their true names; undefined if there are none. */
export function renamedFeatures(features: readonly string[]): Readonly<Record<string, string>> | undefined {
  const names = xgboostNames(features);
  const renamed = features.flatMap((name, at) => (names[at] === name ? [] : [[names[at] ?? name, name]]));
  return renamed.length > 0 ? (Object.fromEntries(renamed) as Record<string, string>) : undefined;
}
