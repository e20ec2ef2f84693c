/** Statements to remember. The least recently used is dropped first. */
const maxPrepared = 200;

/** The prepared statements of one PostgreSQL connection, by SQL text. */
export class PreparedStatements {
  readonly #names = new Map<string, string>();
  #count = 0;
  #superfluous: string[] = [];

  /** The name of a statement. The caller prepares it under this name if it is new. */
  nameOf(sql: string): { readonly name: string; readonly isNew: boolean } {
    const existing = this.#names.get(sql);
    const name = existing ?? `statement ${(this.#count += 1)}`;
    this.#names.delete(sql);
    this.#names.set(sql, name);
    const [oldest] = this.#names.keys();
    if (this.#names.size > maxPrepared && oldest !== undefined) this.forget([oldest]);
    return { name, isNew: existing === undefined };
  }

  /** Drops statements that may not be prepared after a failure. */
  forget(texts: Iterable<string>): void {
    for (const sql of texts) {
      const name = this.#names.get(sql);
      if (name !== undefined) this.#superfluous.push(name);
      this.#names.delete(sql);
    }
  }

  /** Names for the server to close. Closing an unknown name is not an error. */
  takeSuperfluous(): readonly string[] {
    const names = this.#superfluous;
    this.#superfluous = [];
    return names;
  }
}
