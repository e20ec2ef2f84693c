import type { Compilable, CompiledQuery } from 'kysely';
import { chunksOfSizes } from '../../kernel/chunks.ts';

/** Rows per statement. Databases accept some ten thousand values per statement, and a row has at most ten. */
const sizes: readonly number[] = [256, 64, 16, 4, 1];

export type RowInsert<Row> = (rows: readonly Row[]) => readonly Compilable[];

/**
 * Inserts any number of rows with a few distinct statements, so that each is compiled and prepared once. A value that all
 * rows share, such as their run id, is sent once per statement. The rows must be the only parameters of `query`.
 */
export function rowInsert<Row extends object>(query: (rows: readonly Row[]) => Compilable): RowInsert<Row> {
  const compiled = new Map<string, CompiledQuery>();
  return (rows) => {
    const [first] = rows;
    if (!first) return [];
    const columns = Object.keys(first) as (keyof Row)[];
    const isShared = columns.map((column) => rows.every((row) => Object.is(row[column], first[column])));
    const varying = columns.filter((_, index) => !isShared[index]);
    const shared = columns.filter((_, index) => isShared[index]).map((column) => first[column]);
    return chunksOfSizes(rows, sizes).map((part) => {
      const name = `${part.length} ${isShared.join()}`;
      const statement = compiled.get(name) ?? withSharedParameters(query(part).compile(), isShared);
      compiled.set(name, statement);
      const parameters: unknown[] = [...shared];
      for (const row of part) for (const column of varying) parameters.push(row[column]);
      return { compile: () => ({ ...statement, parameters }) };
    });
  };
}

/** Numbers the parameters of a query: first the shared columns, once for all rows, then the other columns row by row. */
function withSharedParameters(query: CompiledQuery, isShared: readonly boolean[]): CompiledQuery {
  const shared = isShared.filter(Boolean).length;
  let [index, last] = [0, shared];
  const sql = query.sql.replaceAll(/\?|\$\d+/g, (mark) => {
    const column = index++ % isShared.length;
    const number = isShared[column] ? isShared.slice(0, column + 1).filter(Boolean).length : (last += 1);
    return `${mark[0]}${number}`;
  });
  return { ...query, sql };
}
