/** A move of an alias, or that it was taken away. */
export interface AliasChangeView {
  readonly alias: string;
  readonly from: number | null;
  /** Null when it was taken away. */
  readonly to: number | null;
  /** 'gate' or who did it. */
  readonly by: string;
  readonly movedAt: number;
  /** '' where nobody said. */
  readonly why: string;
}
