import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Meter } from '../../kernel/meter.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { type Change, type Lane, type Subject, subjectOf } from './change.ts';
import { type CounterpartDeps, openCounterparts } from './counterparts.ts';
import type { Turn } from './queue.ts';
import { sendExperiment } from './send-experiment.ts';
import { sendFiles } from './send-files.ts';
import { sendLoggedModel } from './send-logged-model.ts';
import { sendRegistry } from './send-registry.ts';
import { sendRun } from './send-run.ts';
import type { SendDeps, SendLane } from './send.ts';
import type { Fault } from './target.ts';

export interface DeliverDeps extends CounterpartDeps {
  readonly artifacts: Pick<ArtifactStore, 'open' | 'list'>;
  readonly log: Log;
  readonly meter: Meter;
  /** Ends it between two requests. */
  readonly signal: AbortSignal;
}

/** What became of a turn: all of it is sent or set aside, or the other server has to be asked again later. */
export type Delivered =
  | { readonly kind: 'sent' }
  | Extract<Fault, { readonly kind: 'away' }>
  /** How often it failed at the lane by now. */
  | { readonly kind: 'failed'; readonly times: number };

const senders: Readonly<Record<Subject, SendLane>> = {
  experiment: sendExperiment,
  run: sendRun,
  model: sendLoggedModel,
  registry: sendRegistry,
  files: sendFiles,
};

/** Attempts at a request that the other server fails at while it answers others. */
const mostFailures = 8;

export interface Deliverer {
  /** @throws what is a fault of this side */
  deliver(turn: Turn): Promise<Delivered>;
}

export function openDeliverer(deps: DeliverDeps): Deliverer {
  const openedAt = deps.now();
  const doubts = openDoubts(openedAt);
  const failures = new Map<Lane, number>();
  const counterparts = openCounterparts(deps);
  const toldRefusals = new Set<string>();

  const refuse = async (changes: readonly Change[], said: string): Promise<void> => {
    await deps.queue.refuse(
      changes.map(({ id }) => id),
      said,
    );
    deps.meter.count('modelyard_mirror_failed_total', {}, changes.length);
    const [first] = changes;
    const news = `${first?.lane} ${said}`;
    if (!first || toldRefusals.has(news)) return;
    toldRefusals.add(news);
    const { lane, kind, key } = first;
    deps.log.warn('the mirror refused a change for good: it is set aside', {
      lane,
      kind,
      key,
      changes: changes.length,
      said,
    });
  };
  const sending: SendDeps = {
    ...deps,
    counterparts,
    isUncertain: (lane) => doubts.has(lane),
    async done(changes) {
      await deps.queue.done(changes.map(({ id }) => id));
    },
    async attempt(changes, send) {
      if (deps.signal.aborted) throw closed();
      try {
        await send(changes);
      } catch (error) {
        const fault = faultOf(error);
        if (!fault || !isForGood(fault, changes[0]?.lane)) throw error;
        if (changes.length <= 1) return refuse(changes, fault.said);
        const half = changes.length >> 1;
        await sending.attempt(changes.slice(0, half), send);
        return sending.attempt(changes.slice(half), send);
      }
      await sending.done(changes);
      doubts.settle(changes);
      deps.meter.count('modelyard_mirror_sent_total', {}, changes.length);
    },
  };

  const faultOf = (error: unknown): Fault | undefined => deps.target.faultOf(error) ?? ownFault(error);
  const isForGood = ({ kind }: Fault, lane: Lane | undefined): boolean =>
    kind === 'refused' || (kind === 'failed' && (lane ? (failures.get(lane) ?? 0) : 0) >= mostFailures);

  return {
    async deliver({ lane, changes }) {
      const { subject, id } = subjectOf(lane);
      doubts.meet(lane, changes);
      try {
        await senders[subject](id, changes, sending);
        failures.delete(lane);
        return { kind: 'sent' };
      } catch (error) {
        const fault = faultOf(error);
        if (!fault) throw error;
        if (fault.kind === 'away') {
          doubts.raise(lane);
          return fault;
        }
        if (isForGood(fault, lane)) {
          failures.delete(lane);
          await refuse(changes, fault.said);
          return { kind: 'sent' };
        }
        const times = (failures.get(lane) ?? 0) + 1;
        failures.set(lane, times);
        doubts.raise(lane);
        return { kind: 'failed', times };
      }
    },
  };
}

/** What cannot be sent as it is here, such as data that was lost. */
function ownFault(error: unknown): Fault | undefined {
  const isOurs = error instanceof PlatformError && error.status < 500;
  return isOurs ? { kind: 'refused', said: error.message } : undefined;
}

function closed(): PlatformError {
  const remedy = 'What is left is sent when it is opened again.';
  return new PlatformError('NOT_READY', { field: 'mirror', value: 'closing', remedy });
}

/** Whether the first request of a lane may have arrived before: by a process that is gone, or without an answer. */
function openDoubts(openedAt: number): {
  has(lane: Lane): boolean;
  meet(lane: Lane, changes: readonly Change[]): void;
  settle(changes: readonly Change[]): void;
  raise(lane: Lane): void;
} {
  const doubtful = new Set<Lane>();
  const settled = new Set<Lane>();
  return {
    has: (lane) => doubtful.has(lane),
    meet(lane, [first]) {
      if (first && first.queuedAt <= openedAt && !settled.has(lane)) doubtful.add(lane);
    },
    settle([first]) {
      if (!first) return;
      if (first.queuedAt <= openedAt) settled.add(first.lane);
      doubtful.delete(first.lane);
    },
    raise: (lane) => void doubtful.add(lane),
  };
}
