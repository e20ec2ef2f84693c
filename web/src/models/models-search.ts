/** What the table of models shows, as its address has it. */
export interface ModelsSearch {
  /** A text in the names. */
  readonly contains?: string | undefined;
  /** Absent for the order of names. */
  readonly order?: 'updated' | undefined;
}

export function parseModelsSearch({ contains, order }: Readonly<Record<string, unknown>>): ModelsSearch {
  return {
    ...(typeof contains === 'string' && contains !== '' && { contains: contains.slice(0, 250) }),
    ...(order === 'updated' && { order }),
  };
}

/** What is open on the page of a model or of a version, as its address has it. */
export interface AliasSearch {
  /** The version of the dialog that points an alias to it. */
  readonly promote?: string | undefined;
  /** The alias of that dialog; absent for the usual one. */
  readonly alias?: string | undefined;
  /** The alias of the dialog that rolls it back. */
  readonly rollback?: string | undefined;
  /** The alias of the dialog that removes it. */
  readonly remove?: string | undefined;
  /** The alias whose moves are listed. */
  readonly history?: string | undefined;
}

const aliasNames = ['promote', 'alias', 'rollback', 'remove', 'history'] as const;

export function parseAliasSearch(search: Readonly<Record<string, unknown>>): AliasSearch {
  return textsOf(search, aliasNames);
}

/** The same on the page of a version, and the version that it is compared with. */
export interface VersionSearch extends AliasSearch {
  readonly against?: string | undefined;
}

export function parseVersionSearch(search: Readonly<Record<string, unknown>>): VersionSearch {
  return textsOf(search, [...aliasNames, 'against']);
}

function textsOf<Name extends string>(
  search: Readonly<Record<string, unknown>>,
  names: readonly Name[],
): Partial<Record<Name, string>> {
  const given = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(given) as Partial<Record<Name, string>>;
}
