import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from '../context.ts';
import { inTurns, medians, type Sides } from '../samples.ts';
import { alone } from './alone.ts';
import { reads } from './reads.ts';
import { bothServers, ourServer, type Start } from './servers.ts';
import { fullSizes, quickSizes } from './sizes.ts';
import { writes } from './writes.ts';

/** In seconds, and in MB. */
const longestStart = 0.5;
const mostMemory = 150;

/** `modelyard server` beside `mlflow server`, both on SQLite, under the load of one client that speaks MLflow's REST API. */
export async function trackingBench({ quick, folder, report }: BenchContext): Promise<void> {
  const sizes = quick ? quickSizes : fullSizes;
  const starts = await bothServers(folder);
  {
    await using ours = await starts.ours();
    await using peer = await starts.peer();
    const apis = { ours: ours.api, peer: peer.api };
    await writes(apis, sizes, report);
    await reads(apis, sizes, report);
    const memory = { ours: (await ours.usage()).peakMemory, peer: (await peer.usage()).peakMemory };
    report({ name: 'peak memory', ...memory, unit: 'MB', better: 'less', goal: 1 });
    const { ours: own } = memory;
    report({ name: 'peak memory, ours alone', ours: own, unit: 'MB', better: 'less', goal: mostMemory });
  }
  await startTimes(starts, sizes.rounds, report);
  const fresh = join(folder, 'alone');
  await mkdir(fresh);
  await using server = await ourServer(fresh)();
  await alone(server.api, sizes, report);
  const { peakMemory } = await server.usage();
  const name = `peak memory with ${sizes.manyRuns} runs and ${sizes.manyPoints} points, ours alone`;
  report({ name, ours: peakMemory, unit: 'MB', better: 'less', goal: mostMemory });
}

/** From the command to the first answer of /health, over the database that the last start left. */
async function startTimes(
  starts: Sides<Start>,
  rounds: number,
  report: BenchContext['report'],
): Promise<void> {
  const seconds = medians(
    await inTurns(starts, rounds, async (start) => {
      await using server = await start();
      return server.startSeconds;
    }),
  );
  report({ name: 'start to /health', ...seconds, unit: 's', better: 'less', goal: 10 });
  const own = { ours: seconds.ours, unit: 's', better: 'less', goal: longestStart } as const;
  report({ name: 'start to /health, ours alone', ...own });
}
