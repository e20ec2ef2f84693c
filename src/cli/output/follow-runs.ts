import type { ServerEvent } from '../../api/views.ts';

export interface FollowedRuns {
  show(event: ServerEvent): void;
  follow(run: string): void;
}

/**
 * Passes on the tasks of the runs that are followed. A task may start before its run's id is here: until the first run is
 * followed, events wait.
 */
export function followRuns(show: (event: ServerEvent) => void): FollowedRuns {
  const followed = new Set<string>();
  let early: ServerEvent[] = [];
  const pass = (event: ServerEvent): void => {
    if (event.type === 'task' && event.run !== null && followed.has(event.run)) show(event);
  };
  return {
    show(event) {
      if (followed.size === 0) early.push(event);
      else pass(event);
    },
    follow(run) {
      followed.add(run);
      for (const event of early) pass(event);
      early = [];
    },
  };
}
