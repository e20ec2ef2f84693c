import type { Compilable, CompiledQuery } from 'kysely';

/** Rows of one statement. Databases take some ten thousand values in one, and a row has ten at most. */
const sizes: readonly number[] = [256, 64, 16, 4, 1];

export type RowInsert<Row> = (rows: readonly Row[]) => readonly Compilable[];

/**
 * Inserts rows in few statements of few texts, however many the rows are: each text is compiled once, here and in the
 * database. A value that all rows have in common, such as their run, is sent once a statement. `query` must take nothing
 * but the rows for its parameters.
 */
export function rowInsert<Row extends object>(query: (rows: readonly Row[]) => Compilable): RowInsert<Row> {
  const compiled = new Map<string, CompiledQuery>();
  return (rows) => {
    const [first] = rows;
    if (!first) return [];
    const columns = Object.keys(first) as (keyof Row)[];
    const isShared = columns.map((column) => rows.every((row) => Object.is(row[column], first[column])));
    const own = columns.filter((_, place) => !isShared[place]);
    const common = columns.filter((_, place) => isShared[place]).map((column) => first[column]);
    return partsOf(rows).map((part) => {
      const name = `${part.length} ${isShared.join()}`;
      const known = compiled.get(name) ?? sharing(query(part).compile(), isShared);
      compiled.set(name, known);
      const parameters: unknown[] = [...common];
      for (const row of part) for (const column of own) parameters.push(row[column]);
      return { compile: () => ({ ...known, parameters }) };
    });
  };
}

/** The query with its parameters numbered: first those of the shared columns, each once for all rows, then row by row the rest. */
function sharing(query: CompiledQuery, isShared: readonly boolean[]): CompiledQuery {
  const common = isShared.filter(Boolean).length;
  let [place, own] = [0, common];
  const sql = query.sql.replaceAll(/\?|\$\d+/g, (mark) => {
    const column = place++ % isShared.length;
    const number = isShared[column] ? isShared.slice(0, column + 1).filter(Boolean).length : (own += 1);
    return `${mark[0]}${number}`;
  });
  return { ...query, sql };
}

function partsOf<Row>(rows: readonly Row[]): readonly (readonly Row[])[] {
  const parts: (readonly Row[])[] = [];
  let done = 0;
  for (const size of sizes)
    for (; rows.length - done >= size; done += size) parts.push(rows.slice(done, done + size));
  return parts;
}
