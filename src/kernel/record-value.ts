/**
 * The value of a record whose keys people choose, such as the columns of a file. Reading it by index finds members of every
 * object too: a column may be called `constructor`.
 */
export function recordValue<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
