export interface RunMove {
  readonly runs: readonly string[];
  readonly experimentId: string;
  /** Whether the runs that are nested in them, however deep and deleted ones too, go along. */
  readonly nested: boolean;
}

/** Moves runs between experiments: all of them or none, in one transaction. */
export interface RunMoves {
  /**
   * Logged models and the datasets that it read go with a run; its artifacts stay where they are, and it still says so.
   * A run of ours goes whole: with what is nested in it, and with what it is nested in. One that is in the experiment
   * already stays.
   * @returns the runs that moved, nested ones too
   * @throws PlatformError EXPERIMENT_NOT_FOUND, RUN_NOT_FOUND, NOT_ACTIVE for a deleted one; RUN_IN_PROGRESS for one of
   * ours that goes on; INPUT_INVALID for one of ours that would be torn apart
   */
  move(move: RunMove): Promise<readonly string[]>;
}
