import { locationOf } from './artifacts/location.ts';

/** What a version of a registered model stands on. */
export interface VersionLocation {
  readonly model: string;
  readonly version: number;
  /** Where its files are said to be, and where they are. */
  readonly locations: readonly string[];
  readonly loggedModelId: string | undefined;
  /** Runs that tell how it came about: of a version that our pipeline made its training and the run around that. */
  readonly provenance: readonly string[];
}

/** A run or a logged model, and the folder of its artifacts. */
export interface Holder {
  readonly id: string;
  readonly location: string;
}

/** 'score version 3' */
export type NeededBy = ReadonlyMap<string, string>;

/**
 * Which of some runs and logged models a registered version still needs, and which version: its files lie in their
 * folder, or they tell how it came about.
 * @returns by the id of the run or the logged model
 */
export function neededBy(holders: readonly Holder[], versions: readonly VersionLocation[]): NeededBy {
  const ids = new Set(holders.map(({ id }) => id));
  const byLocation = new Map(holders.map(({ id, location }) => [comparableLocation(location), id]));
  const needed = new Map<string, string>();
  for (const { model, version, locations, loggedModelId, provenance } of versions) {
    const label = `${model} version ${version}`;
    const inFolder = locations.flatMap((location) =>
      foldersAbove(comparableLocation(location)).map((at) => byLocation.get(at)),
    );
    for (const id of [...inFolder, loggedModelId, ...provenance])
      if (id !== undefined && ids.has(id)) needed.set(id, label);
  }
  return needed;
}

/** One form for every address of a location. */
function comparableLocation(uri: string): string {
  try {
    return locationOf(uri) ?? uri.replace(/\/+$/, '');
  } catch {
    // A location that may not be opened can still be compared.
    return uri;
  }
}

/** The location and every folder above it. */
function foldersAbove(location: string): readonly string[] {
  const names = location.split('/');
  return names.map((_name, index) => names.slice(0, index + 1).join('/'));
}
