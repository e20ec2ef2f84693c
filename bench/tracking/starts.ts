import { setTimeout as pause } from 'node:timers/promises';
import type { BenchContext } from '../context.ts';
import { inTurns, medians, type Sides } from '../samples.ts';
import type { Start } from './servers.ts';

/** Milliseconds for which a server idles before its memory is read. */
const idle = 2000;

export interface StartGoals {
  /** A suffix for each name, such as ', beside FastTrackML'. @default '' */
  readonly peer?: string;
  /** How many times faster than the peer. */
  readonly start: number;
  /** How many times less memory than the peer. */
  readonly memory: number;
}

/** Seconds from the command to the first 200 of /health, on the database of the last start, and the memory when idle. */
export async function starts(
  sides: Sides<Start>,
  { rounds, goals, report }: StartOptions,
): Promise<Sides<Figures>> {
  const samples = await inTurns(sides, rounds, async (start): Promise<Figures> => {
    await using server = await start();
    await pause(idle);
    return { seconds: server.startSeconds, memory: (await server.usage()).memory };
  });
  const seconds = medians(pick(samples, 'seconds'));
  const memory = medians(pick(samples, 'memory'));
  const { peer = '' } = goals;
  report({ name: `start to /health${peer}`, ...seconds, unit: 's', better: 'less', goal: goals.start });
  report({ name: `idle memory${peer}`, ...memory, unit: 'MB', better: 'less', goal: goals.memory });
  return {
    ours: { seconds: seconds.ours, memory: memory.ours },
    peer: { seconds: seconds.peer, memory: memory.peer },
  };
}

export interface StartOptions {
  readonly rounds: number;
  readonly goals: StartGoals;
  readonly report: BenchContext['report'];
}

export interface Figures {
  readonly seconds: number;
  readonly memory: number;
}

function pick(samples: Sides<readonly Figures[]>, field: keyof Figures): Sides<readonly number[]> {
  return {
    ours: samples.ours.map((figures) => figures[field]),
    peer: samples.peer.map((figures) => figures[field]),
  };
}
