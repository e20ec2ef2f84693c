import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { Change, ChangeKind, Lane } from './change.ts';
import type { CounterpartDeps, Counterparts } from './counterparts.ts';

export interface SendDeps extends CounterpartDeps {
  readonly counterparts: Counterparts;
  readonly artifacts: Pick<ArtifactStore, 'open' | 'list'>;
  /** The changes are on the other server, or nothing is left of them. */
  done(changes: readonly Change[]): Promise<void>;
  /**
   * Sends changes and is done with them. Where the other server refuses them they are sent in halves, until the one that
   * it means is alone, and is set aside. @throws what `send` throws of another kind
   */
  attempt(changes: readonly Change[], send: (changes: readonly Change[]) => Promise<void>): Promise<void>;
  /** Whether the first request of a lane may have arrived already: its answer did not. */
  isUncertain(lane: Lane): boolean;
}

/** Sends the first changes of a lane in their order. @param id what the lane is about */
export type SendLane = (id: string, changes: readonly Change[], deps: SendDeps) => Promise<void>;

/** How each kind of change is sent. One that is not in it goes without saying. */
export type Senders = Readonly<Partial<Record<ChangeKind, (change: Change) => Promise<void>>>>;

export async function sendBy(senders: Senders, change: Change): Promise<void> {
  await senders[change.kind]?.(change);
}
