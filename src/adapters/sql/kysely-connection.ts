import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';

/** What a connection of ours answers to a statement. */
interface Answer {
  readonly rows: readonly unknown[];
  /** Rows that were written, where the statement writes. */
  readonly changes?: number;
}

export function queryResult<Row>({ rows, changes }: Answer): QueryResult<Row> {
  return { rows: rows as Row[], ...(changes === undefined ? {} : { numAffectedRows: BigInt(changes) }) };
}

/** Kysely's view of a connection of ours, which answers a query whole. */
export function connectionOver(answer: (query: CompiledQuery) => Promise<Answer>): DatabaseConnection {
  const executeQuery = async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> =>
    queryResult(await answer(query));
  return {
    executeQuery,
    async *streamQuery<Row>(query: CompiledQuery) {
      yield await executeQuery<Row>(query);
    },
  };
}
