import type { Servable } from './models/live.ts';
import type { Runnable } from './producer.ts';
import type { Source } from './tables/source.ts';

type Cron = `${string} ${string} ${string} ${string} ${string}`;

/** When a project runs by itself. */
export interface Schedule {
  /** Minute, hour, day of month, month, day of week: '0 9 * * *'. */
  readonly cron?: Cron;
  /** 'newData' looks at the sources and runs if one has something new. */
  readonly on?: 'newData';
  /** @default 'UTC' */
  readonly timeZone?: string;
  /** Which missed times are made up for. @default 'latest' */
  readonly catchUp?: 'none' | 'latest' | 'all';
  /** What to do if the previous run is still active. @default 'forbid' */
  readonly overlap?: 'forbid' | 'queue' | 'replace';
  /** What to run, with everything that it reads. @default the whole project */
  readonly run?: readonly (Servable | Source | Runnable)[];
}
