/**
 * The processes that run pipelines over one database, and when each was last heard of. Runs of MLflow's clients have no
 * owner, and nothing here touches them. Every method is one transaction.
 */
export interface RunOwners {
  /** Notes that a process is there. @param owner names the process: the runs that it makes carry the name */
  beat(owner: string, now: number): Promise<void>;
  /** Forgets a process that ends, and marks what it left as KILLED. */
  leave(owner: string, now: number): Promise<void>;
  /**
   * Marks the runs that still say RUNNING as KILLED where their process was not heard of since `silentSince`, or is not
   * known; also those without an owner that started before then. @returns how many
   */
  killAbandoned(times: { readonly silentSince: number; readonly now: number }): Promise<number>;
}
