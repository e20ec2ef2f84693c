import type { Json, JsonObject } from '../../kernel/json.ts';
import { listOf, type OneOrMore } from './checks.ts';
import type { Http } from './http.ts';
import type { Reader } from './source.ts';

/** Generates plausible raw files in the real format, for a first run without network or key. The same arguments give the same bytes. */
export type SimulateFunction<Args extends JsonObject> = (
  args: Args,
) => Iterable<{ readonly name: string; readonly text: string }>;

export interface Simulation {
  readonly kind: 'simulation';
  readonly make: SimulateFunction<never>;
  readonly args: JsonObject;
}

/** Events that clients post to the server, under the source's name. */
export interface Posts {
  readonly kind: 'posts';
}

/** Where raw bytes come from: an http(s) or s3 address, a file, a folder, an archive of files, `http()`, or a simulation. */
export type Origin = string | Http | Simulation;

/**
 * Declares a simulator: `export const simulatedBars = simulation(writeBars)`, then `from: simulatedBars({ seed: 1 })`.
 * `make` must be a named export. Its data is labelled 'simulated' everywhere.
 */
export function simulation<Args extends { readonly [Key in keyof Args]: Json }>(
  make: (args: Args) => Iterable<{ readonly name: string; readonly text: string }>,
): (args: Args) => Simulation {
  return (args) => ({ kind: 'simulation', make, args: args as JsonObject });
}

/** Events that clients post: `stream({ from: posts(), … })`. */
export function posts(): Posts {
  return { kind: 'posts' };
}

export function isSimulated(origin: Origin): origin is Simulation {
  return typeof origin !== 'string' && origin.kind === 'simulation';
}

/** The origins of a reader's raw files; none if it reads a database or posts. */
export function originsOf({ from }: Pick<Reader, 'from'>): readonly Origin[] {
  const all: readonly Reader['from'][] = listOf(from as OneOrMore<Origin>);
  return all.filter((each): each is Origin => typeof each === 'string' || isRequestOrSimulation(each));
}

function isRequestOrSimulation(from: Exclude<Reader['from'], string>): from is Http | Simulation {
  return 'kind' in from && (from.kind === 'http' || from.kind === 'simulation');
}
