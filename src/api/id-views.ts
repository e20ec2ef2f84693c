/** An id that starts with the characters that were given. */
export interface IdView {
  readonly id: string;
  /** One line for a person to tell it from others: 'bold-lark, FINISHED'. */
  readonly summary: string;
}

/** How many first characters of an id people must give. Predictions of one week share their first 4 characters. */
export const shortestPrefix = { run: 4, job: 4, prediction: 8 } as const;
