import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Meter } from '../../kernel/meter.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { sendFiles } from './artifacts.ts';
import { type Change, type Stream, type Subject, subjectOf } from './change.ts';
import type { PendingChanges } from './queue.ts';
import { openRemoteIds, type RemoteIdDeps } from './remote-ids.ts';
import { sendRun } from './send-run.ts';
import { type SendDeps, sendExperiment, sendLoggedModel, sendRegistry, type SendStream } from './senders.ts';
import type { Fault } from './target.ts';

export interface DeliverDeps extends RemoteIdDeps {
  readonly artifacts: Pick<ArtifactStore, 'open' | 'list'>;
  readonly log: Log;
  readonly meter: Meter;
  /** Stops the delivery between two requests. */
  readonly signal: AbortSignal;
}

/** The outcome for some changes: all are sent or set aside, or the other server has to be asked again later. */
export type Delivered =
  | { readonly kind: 'sent' }
  | Extract<Fault, { readonly kind: 'away' }>
  /** `attempts`: how often it failed at the stream in a row. */
  | { readonly kind: 'failed'; readonly attempts: number };

const senders: Readonly<Record<Subject, SendStream>> = {
  experiment: sendExperiment,
  run: sendRun,
  model: sendLoggedModel,
  registry: sendRegistry,
  files: sendFiles,
};

/** Attempts at a request that the other server fails at while it answers others. */
const mostFailures = 8;

interface Attempt {
  readonly send: (changes: readonly Change[]) => Promise<void>;
  readonly givesUp: boolean;
}

export interface Deliverer {
  /** @throws errors of this side */
  deliver(pending: PendingChanges): Promise<Delivered>;
}

export function openDeliverer(deps: DeliverDeps): Deliverer {
  const uncertain = openUncertain(deps.now());
  const failures = new Map<Stream, number>();
  const remoteIds = openRemoteIds(deps);
  const refuse = openRefuse(deps);
  /** Only failures in a row count: the next change of the stream has all its attempts again. */
  const forgetFailures = ([first]: readonly Change[]): void => {
    if (first) failures.delete(first.stream);
  };
  const setAside = (changes: readonly Change[], reason: string): Promise<void> => {
    forgetFailures(changes);
    return refuse(changes, reason);
  };
  const sending: SendDeps = {
    ...deps,
    remoteIds,
    isUncertain: (stream) => uncertain.has(stream),
    async done(changes) {
      forgetFailures(changes);
      await deps.queue.done(changes.map(({ id }) => id));
    },
    attempt: (changes, send) => attempt(changes, { send, givesUp: false }),
  };
  const faultOf = (error: unknown): Fault | undefined => deps.target.faultOf(error) ?? ownFault(error);
  const isPermanent = ({ kind }: Fault, stream: Stream | undefined): boolean =>
    kind === 'refused' || (kind === 'failed' && (stream ? (failures.get(stream) ?? 0) : 0) >= mostFailures);

  /** `givesUp`: these changes are a part of a request that failed too often. */
  const attempt = async (changes: readonly Change[], { send, givesUp }: Attempt): Promise<void> => {
    if (deps.signal.aborted) throw closed();
    const stream = changes[0]?.stream;
    try {
      await send(changes);
    } catch (error) {
      const fault = faultOf(error);
      const failed = fault?.kind === 'failed';
      if (!fault || !(isPermanent(fault, stream) || (failed && givesUp))) throw error;
      if (changes.length <= 1) return setAside(changes, fault.reason);
      const half = changes.length >> 1;
      const part = { send, givesUp: givesUp || failed };
      await attempt(changes.slice(0, half), part);
      return attempt(changes.slice(half), part);
    }
    await sending.done(changes);
    uncertain.acknowledge(changes);
    deps.meter.count('modelyard_mirror_sent_total', {}, changes.length);
  };

  return {
    async deliver({ stream, changes }) {
      const { subject, id } = subjectOf(stream);
      uncertain.begin(stream, changes);
      try {
        await senders[subject](id, changes, sending);
        return { kind: 'sent' };
      } catch (error) {
        const fault = faultOf(error);
        if (!fault) throw error;
        if (fault.kind === 'away') {
          uncertain.add(stream);
          return fault;
        }
        if (isPermanent(fault, stream)) {
          await setAside(changes, fault.reason);
          return { kind: 'sent' };
        }
        const attempts = (failures.get(stream) ?? 0) + 1;
        failures.set(stream, attempts);
        uncertain.add(stream);
        return { kind: 'failed', attempts };
      }
    },
  };
}

/** Reasons that are remembered so that each is logged once. */
const mostReported = 10_000;

/** Sets changes aside and logs each reason once for a stream. */
function openRefuse({
  queue,
  meter,
  log,
}: Pick<DeliverDeps, 'queue' | 'meter' | 'log'>): (
  changes: readonly Change[],
  reason: string,
) => Promise<void> {
  const reported = new Set<string>();
  return async (changes, reason) => {
    await queue.refuse(
      changes.map(({ id }) => id),
      reason,
    );
    meter.count('modelyard_mirror_failed_total', {}, changes.length);
    const [first] = changes;
    const report = `${first?.stream} ${reason}`;
    if (!first || reported.has(report)) return;
    if (reported.size >= mostReported) reported.clear();
    reported.add(report);
    const { stream, kind, key } = first;
    log.warn('the mirror refused a change: it is set aside', {
      stream,
      kind,
      key,
      changes: changes.length,
      reason,
    });
  };
}

/** Our own data cannot be sent, for example because it was lost. */
function ownFault(error: unknown): Fault | undefined {
  const isOurs = error instanceof PlatformError && error.status < 500;
  return isOurs ? { kind: 'refused', reason: error.message } : undefined;
}

function closed(): PlatformError {
  const remedy = 'The remaining changes are sent when the mirror is opened again.';
  return new PlatformError('NOT_READY', { field: 'mirror', value: 'closing', remedy });
}

/** Streams whose first request may have arrived without an acknowledgement, from this process or one that has ended. */
function openUncertain(openedAt: number): {
  has(stream: Stream): boolean;
  begin(stream: Stream, changes: readonly Change[]): void;
  acknowledge(changes: readonly Change[]): void;
  add(stream: Stream): void;
} {
  const uncertain = new Set<Stream>();
  const acknowledged = new Set<Stream>();
  return {
    has: (stream) => uncertain.has(stream),
    begin(stream, [first]) {
      if (first && first.queuedAt <= openedAt && !acknowledged.has(stream)) uncertain.add(stream);
    },
    acknowledge([first]) {
      if (!first) return;
      if (first.queuedAt <= openedAt) acknowledged.add(first.stream);
      uncertain.delete(first.stream);
    },
    add: (stream) => void uncertain.add(stream),
  };
}
