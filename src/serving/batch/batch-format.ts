/** How the file of a batch is written; found when it is stored, and the same for every attempt. */
export interface BatchFormat {
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly quote: '"' | "'" | 'none';
  /** A label of the WHATWG encoding standard. */
  readonly encoding: string;
  readonly decimal: '.' | ',';
  readonly header: boolean;
  /** Lines before the header, such as titles. */
  readonly skip: number;
  /** How a line begins that is a comment. */
  readonly comment?: string | undefined;
  /** Whether the file begins with a byte order mark. */
  readonly mark: boolean;
  /** Words of a missing value. */
  readonly missing: readonly string[];
  /** The form of dates by column, where it is not plain. */
  readonly dates: Readonly<Record<string, string>>;
}
