import type { Candidate } from '../choose/question.ts';

export interface Choice {
  readonly text: string;
  /** Why it is asked. */
  readonly reason?: string | undefined;
  readonly candidates: readonly Candidate[];
}

/** Asks a person on a terminal. Undefined if the person cancels. */
export interface Asker {
  /** What was found, before the first question. */
  show(text: string): void;
  one(choice: Choice): Promise<string | undefined>;
  /** Any number of the candidates. */
  many(choice: Choice): Promise<readonly string[] | undefined>;
}
