import type { Json } from '../../kernel/json.ts';

/** Something that was not brought, or not as it was. */
export interface LeftOut {
  /** 'run', 'param', 'file', 'traces'. */
  readonly what: string;
  /** Which one: its id, its key with the run's id before it. */
  readonly id: string;
  readonly why: string;
}

/** How much came over with a thing: 'param' 3, 'metric point' 10_000. */
export type Counts = Readonly<Record<string, number>>;

/** What the report says of a thing, in the words of its note. */
export interface Facts {
  readonly [key: string]: Json;
  /** Whether it was not here before this import. */
  readonly isNew: boolean;
  readonly counts: Counts;
  readonly left: readonly (LeftOut & { readonly [key: string]: Json })[];
  /** Where its files lie; '' for what has none. */
  readonly folder: string;
}

/** Counts and gaps of one thing while it is brought. */
export class Tally {
  readonly #id: string;
  readonly #counts = new Map<string, number>();
  readonly #left: LeftOut[] = [];
  /** Where its files lie. */
  folder = '';

  constructor(id: string) {
    this.#id = id;
  }

  count(what: string, number = 1): void {
    if (number) this.#counts.set(what, (this.#counts.get(what) ?? 0) + number);
  }

  /** @param part of the thing: the key of a param */
  leave(what: string, why: string, part = ''): void {
    this.#left.push({ what, id: part === '' ? this.#id : `${this.#id} ${part}`, why });
  }

  /** Nothing of it is brought. */
  leaveAll(what: string, why: string): void {
    this.#counts.clear();
    this.#left.length = 0;
    this.folder = '';
    this.leave(what, why);
  }

  facts(isNew: boolean): Facts {
    return {
      isNew,
      counts: Object.fromEntries(this.#counts),
      left: this.#left.map(({ what, id, why }) => ({ what, id, why })),
      folder: this.folder,
    };
  }
}
