/** Pages whose beginnings are kept; the one unused for longest goes first. */
const most = 500;

/**
 * Where the next pages of searches begin, so that a client that asks for page after page is not made to wait for those
 * before it again. A page that is not known is counted from the beginning.
 */
export class PageCursors<Position> {
  readonly #positions = new Map<string, Position>();

  find(search: object, offset: number): Position | undefined {
    return this.#positions.get(nameOf(search, offset));
  }

  keep(search: object, offset: number, position: Position): void {
    const name = nameOf(search, offset);
    this.#positions.delete(name);
    this.#positions.set(name, position);
    const [oldest] = this.#positions.keys();
    if (this.#positions.size > most && oldest !== undefined) this.#positions.delete(oldest);
  }
}

function nameOf(search: object, offset: number): string {
  const text = JSON.stringify(search, (_key, part: unknown) =>
    typeof part === 'bigint' ? `${part}n` : part,
  );
  return `${offset} ${text}`;
}
