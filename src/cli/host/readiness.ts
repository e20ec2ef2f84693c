import { type Dependency, openReadiness, type Readiness } from '../../http/native/readiness.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { ProjectHost } from './host.ts';

/** Ready means that the stores answer, and that every endpoint has a version that answers. */
export function readinessOf(
  dependencies: readonly Dependency[],
  host: Pick<ProjectHost, 'project'> | undefined,
): () => Promise<Readiness> {
  const endpoints = () => (host ? [...host.project().endpoints.values()] : []);
  const readiness = openReadiness({
    dependencies,
    endpoints: () => endpoints().flatMap((endpoint) => (endpoint.current() ? [] : [endpoint.name])),
    now: systemClock,
  });
  return async () => {
    const problems = endpoints().flatMap((endpoint) => endpoint.problem()?.message ?? []);
    return { ...(await readiness()), ...(problems.length > 0 && { problems }) };
  };
}
