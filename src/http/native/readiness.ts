import type { Clock } from '../../kernel/clock.ts';

/** A dependency of the server: the database, the artifact store. */
export interface Dependency {
  readonly name: string;
  /** Rejects if it does not respond. */
  readonly check: () => Promise<unknown>;
}

export interface Readiness {
  readonly ready: boolean;
  /** Dependencies that do not respond, and endpoints without a version that can be served. */
  readonly waitsFor: readonly string[];
  /** Why endpoints do not serve the version of their alias. */
  readonly problems?: readonly string[];
}

export interface ReadinessOptions {
  readonly dependencies: readonly Dependency[];
  /** Endpoints without a version to serve. @default none */
  readonly endpoints?: () => readonly string[];
  readonly now: Clock;
  /** How long a check may take, in milliseconds. @default 2 s */
  readonly timeout?: number;
  /** How long a result is reused, in milliseconds, so that probes cost little. @default 1 s */
  readonly lifetime?: number;
}

/** A check that waits for a lost connection may never end: after so many timeouts a new one starts. */
const mostTimeouts = 3;

interface Running {
  readonly result: Promise<unknown>;
  timeouts: number;
}

/**
 * Reports what the server waits for. Every dependency is checked, at most once in `lifetime`. A check that hangs is reused,
 * so that probes do not pile up, but not for longer than a few timeouts.
 */
export function openReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { dependencies, endpoints = () => [], now, timeout = 2000, lifetime = 1000 } = options;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let away: Promise<readonly string[]> = Promise.resolve([]);
  const running = new Map<string, Running>();
  /** The running check, or a new one. */
  const ask = ({ name, check }: Dependency): Running => {
    const waiting = running.get(name);
    if (waiting && waiting.timeouts < mostTimeouts) return waiting;
    const begun: Running = { result: check(), timeouts: 0 };
    running.set(name, begun);
    const forget = (): void => void (running.get(name) === begun && running.delete(name));
    begun.result.then(forget, forget);
    return begun;
  };
  const isUp = async (each: Dependency): Promise<boolean> => {
    const check = ask(each);
    const outcome = await outcomeOf(check.result, timeout);
    if (outcome === 'late') check.timeouts += 1;
    return outcome === 'up';
  };
  const look = async (): Promise<readonly string[]> => {
    const names = await Promise.all(
      dependencies.map(async (each) => ((await isUp(each)) ? [] : [each.name])),
    );
    return names.flat();
  };
  return async () => {
    const at = now();
    // Without this, a clock that steps back would keep an old result.
    if (at - checkedAt >= lifetime || at < checkedAt) {
      checkedAt = at;
      away = look();
    }
    const waitsFor = [...(await away), ...endpoints()];
    return { ready: waitsFor.length === 0, waitsFor };
  };
}

type Outcome = 'up' | 'down' | 'late';

async function outcomeOf(checked: Promise<unknown>, timeout: number): Promise<Outcome> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Outcome>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeout);
  });
  const result = checked.then(
    (): Outcome => 'up',
    (): Outcome => 'down',
  );
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
