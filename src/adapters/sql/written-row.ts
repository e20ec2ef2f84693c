/** The one row that a transaction wrote and reads back. */
export function writtenRow<Row>([row]: readonly Row[]): Row {
  if (row !== undefined) return row;
  throw new TypeError('a row that was just written is not there');
}
