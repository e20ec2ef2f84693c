/** An alias was pointed to a version, or removed. */
export interface AliasMoveView {
  readonly model: string;
  readonly alias: string;
  readonly from: number | null;
  /** Null when it was removed. */
  readonly to: number | null;
  /** 'gate', or the person or client that did it. */
  readonly by: string;
  readonly movedAt: number;
  /** '' if no reason was given. */
  readonly why: string;
}
