import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** In milliseconds. */
const longest = 2000;

/**
 * Waits for the last lines of a process that has ended, and closes its streams. A process outside its group may keep them open,
 * so it waits two seconds at most.
 * @param lines what reads each stream to its end
 */
export async function drainOutput(
  lines: readonly Promise<void>[],
  streams: readonly (Readable | null)[],
): Promise<void> {
  await Promise.race([Promise.all(lines), pause(longest, undefined, { ref: false })]);
  for (const stream of streams) stream?.destroy();
}
