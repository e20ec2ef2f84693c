/** Texts kept for their next use; the one unused for longest goes first. */
const most = 200;

/** What one connection to PostgreSQL has prepared, by the text of the statement. */
export class PreparedStatements {
  readonly #names = new Map<string, string>();
  #made = 0;
  #superfluous: string[] = [];

  /** The name of a text, which must be prepared under it where it is new. */
  nameOf(sql: string): { readonly name: string; readonly isNew: boolean } {
    const known = this.#names.get(sql);
    const name = known ?? `statement ${(this.#made += 1)}`;
    this.#names.delete(sql);
    this.#names.set(sql, name);
    const [oldest] = this.#names.keys();
    if (this.#names.size > most && oldest !== undefined) this.forget([oldest]);
    return { name, isNew: known === undefined };
  }

  /** Takes texts as not prepared: whether they are is not known after a failure. */
  forget(texts: Iterable<string>): void {
    for (const sql of texts) {
      const name = this.#names.get(sql);
      if (name !== undefined) this.#superfluous.push(name);
      this.#names.delete(sql);
    }
  }

  /** Names that the server need not keep. To close one that it does not have is no error. */
  takeSuperfluous(): readonly string[] {
    const names = this.#superfluous;
    this.#superfluous = [];
    return names;
  }
}
