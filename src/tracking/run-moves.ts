export interface RunMove {
  readonly runs: readonly string[];
  readonly experimentId: string;
  /** Whether the runs that are nested in them, however deep and deleted ones too, go along. */
  readonly nested: boolean;
}

/** Moves runs between experiments: all of them or none, in one transaction. */
export interface RunMoves {
  /**
   * A run takes its logged models and input datasets along; its artifacts and their address stay as they are. A pipeline
   * run moves together with the runs nested in it and the runs that it is nested in. A run that is in the experiment
   * already stays.
   * @returns the runs that moved, nested ones too
   * @throws PlatformError EXPERIMENT_NOT_FOUND, RUN_NOT_FOUND, NOT_ACTIVE for a deleted one; RUN_IN_PROGRESS for a
   * pipeline run that is RUNNING; INPUT_INVALID for a pipeline run that would be separated from its nested runs
   */
  move(move: RunMove): Promise<readonly string[]>;
}
