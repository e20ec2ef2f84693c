import type { Compilable } from 'kysely';

/** Rows of one statement. Databases take some ten thousand values in one, and a row has ten at most. */
const sizes: readonly number[] = [256, 64, 16, 4, 1];

export type RowInsert<Row> = (rows: readonly Row[]) => readonly Compilable[];

/**
 * Inserts rows in few statements of few texts, however many the rows are: each text is compiled once, here and in the
 * database. `query` must take nothing but the rows for its parameters.
 */
export function rowInsert<Row extends object>(query: (rows: readonly Row[]) => Compilable): RowInsert<Row> {
  const compiled = new Map<number, ReturnType<Compilable['compile']>>();
  return (rows) => {
    const columns = Object.keys(rows[0] ?? {}) as (keyof Row)[];
    return partsOf(rows).map((part) => {
      const known = compiled.get(part.length) ?? query(part).compile();
      compiled.set(part.length, known);
      const parameters = part.flatMap((row) => columns.map((column) => row[column]));
      return { compile: () => ({ ...known, parameters }) };
    });
  };
}

function partsOf<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const parts: (readonly Row[])[] = [];
  let done = 0;
  for (const size of sizes)
    for (; rows.length - done >= size; done += size) parts.push(rows.slice(done, done + size));
  return parts;
}
