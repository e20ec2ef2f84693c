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

/** Reports what the server waits for. Every dependency is checked, at most once in `lifetime` and never twice at a time. */
export function openReadiness(options: ReadinessOptions): () => Promise<Readiness> {
  const { dependencies, endpoints = () => [], now, timeout = 2000, lifetime = 1000 } = options;
  let checkedAt = Number.NEGATIVE_INFINITY;
  let away: Promise<readonly string[]> = Promise.resolve([]);
  const asked = new Map<string, Promise<unknown>>();
  /** The running check, or a new one. */
  const ask = ({ name, check }: Dependency): Promise<unknown> => {
    const waiting = asked.get(name) ?? check().finally(() => asked.delete(name));
    asked.set(name, waiting);
    return waiting;
  };
  const look = async (): Promise<readonly string[]> => {
    const names = await Promise.all(
      dependencies.map(async (each) => ((await responds(ask(each), timeout)) ? [] : [each.name])),
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

async function responds(checked: Promise<unknown>, timeout: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeout);
  });
  const result = checked.then(
    () => true,
    () => false,
  );
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}
