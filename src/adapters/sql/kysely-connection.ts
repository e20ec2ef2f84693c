import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';

/** The result of a statement on one of our connections. */
interface StatementResult {
  readonly rows: readonly unknown[];
  /** Number of written rows, if the statement writes. */
  readonly changes?: number;
}

export function queryResult<Row>({ rows, changes }: StatementResult): QueryResult<Row> {
  return { rows: rows as Row[], ...(changes === undefined ? {} : { numAffectedRows: BigInt(changes) }) };
}

/** Adapts one of our connections to Kysely. It returns all rows of a query at once. */
export function connectionOver(
  execute: (query: CompiledQuery) => Promise<StatementResult>,
): DatabaseConnection {
  const executeQuery = async <Row>(query: CompiledQuery): Promise<QueryResult<Row>> =>
    queryResult(await execute(query));
  return {
    executeQuery,
    async *streamQuery<Row>(query: CompiledQuery) {
      yield await executeQuery<Row>(query);
    },
  };
}
