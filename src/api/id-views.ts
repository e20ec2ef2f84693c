/** An id that starts with the characters that were given. */
export interface IdView {
  readonly id: string;
  /** One line for a person to tell it from others: 'bold-lark, FINISHED'. */
  readonly summary: string;
}
