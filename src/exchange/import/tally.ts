import type { Json } from '../../kernel/json.ts';

/** Something that an import skipped or changed. */
export interface Difference {
  /** 'run', 'param', 'file', 'traces'. */
  readonly what: string;
  /** The id of the entity; for a part of it, the id and the part's key. */
  readonly id: string;
  readonly reason: string;
}

/** How much was imported with an entity: 'param' 3, 'metric point' 10_000. */
export type Counts = Readonly<Record<string, number>>;

/** What the report needs to know of an entity; stored with its import note. */
export interface Facts {
  readonly [key: string]: Json;
  /** Whether this import created it. */
  readonly isNew: boolean;
  readonly counts: Counts;
  readonly differences: readonly (Difference & { readonly [key: string]: Json })[];
  /** The URI of its files; '' for an entity without files. */
  readonly folder: string;
}

/** Collects counts and differences of one entity while it is imported. */
export class Tally {
  readonly #id: string;
  readonly #counts = new Map<string, number>();
  readonly #differences: Difference[] = [];
  /** The URI of its files. */
  folder = '';

  constructor(id: string) {
    this.#id = id;
  }

  count(what: string, number = 1): void {
    if (number) this.#counts.set(what, (this.#counts.get(what) ?? 0) + number);
  }

  /** Reports a difference. @param part of the entity: the key of a param */
  report(what: string, reason: string, part = ''): void {
    this.#differences.push({ what, id: part === '' ? this.#id : `${this.#id} ${part}`, reason });
  }

  /** Reports that the entity is skipped, and drops everything collected so far. */
  skip(what: string, reason: string): void {
    this.#counts.clear();
    this.#differences.length = 0;
    this.folder = '';
    this.report(what, reason);
  }

  facts(isNew: boolean): Facts {
    return {
      isNew,
      counts: Object.fromEntries(this.#counts),
      differences: this.#differences.map(({ what, id, reason }) => ({ what, id, reason })),
      folder: this.folder,
    };
  }
}
