/** The names of a file's columns. */
export interface HeaderNames {
  readonly names: readonly string[];
  /** Names that differ from the header's, as a person would say it: 'column 3 "x" is named "x 2"'. */
  readonly renamed: readonly string[];
}

/**
 * Gives each column a name that differs from the others in more than case: a second `x` is `x 2`, and a column without a
 * name is `column 3`, by its position.
 */
export function headerNames(fields: readonly string[]): HeaderNames {
  const given = new Set(fields.map((field) => field.trim().toLowerCase()));
  const taken = new Set<string>();
  const renamed: string[] = [];
  const names = fields.map((field, at) => {
    const written = field.trim();
    const name = written === '' ? `column ${at + 1}` : written;
    const isFree = !taken.has(name.toLowerCase()) && (written !== '' || !given.has(name));
    const unique = isFree ? name : nextFree(name, (each) => taken.has(each) || given.has(each));
    taken.add(unique.toLowerCase());
    if (unique !== written)
      renamed.push(
        `column ${at + 1} ${written === '' ? 'without a name' : `"${written}"`} is named "${unique}"`,
      );
    return unique;
  });
  return { names, renamed };
}

/** The names of columns without a header: column 1, column 2 … */
export function positionNames(width: number): readonly string[] {
  return Array.from({ length: width }, (_, at) => `column ${at + 1}`);
}

function nextFree(name: string, isTaken: (folded: string) => boolean): string {
  for (let count = 2; ; count++) {
    const numbered = `${name} ${count}`;
    if (!isTaken(numbered.toLowerCase())) return numbered;
  }
}
