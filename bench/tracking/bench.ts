import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from '../context.ts';
import { alone } from './alone.ts';
import { reads } from './reads.ts';
import { besideFastTrack } from './fast-track.ts';
import { bothServers, ourServer } from './servers.ts';
import { starts } from './starts.ts';
import { fullSizes, quickSizes } from './sizes.ts';
import { writes } from './writes.ts';

/** In seconds, and in MB. */
const longestStart = 0.2;
const idleMemory = 80;
const mostMemory = 150;

/** `modelyard server` beside `mlflow server` and FastTrackML, all on SQLite, under the load of one client that speaks MLflow's REST API. */
export async function trackingBench({ quick, folder, report }: BenchContext): Promise<void> {
  const sizes = quick ? quickSizes : fullSizes;
  const sides = await bothServers(folder);
  {
    await using ours = await sides.ours();
    await using peer = await sides.peer();
    const apis = { ours: ours.api, peer: peer.api };
    await writes(apis, sizes, report);
    await reads(apis, sizes, report);
    const memory = { ours: (await ours.usage()).peakMemory, peer: (await peer.usage()).peakMemory };
    report({ name: 'peak memory', ...memory, unit: 'MB', better: 'less', goal: 1 });
    report({
      name: 'peak memory, ours alone',
      ours: memory.ours,
      unit: 'MB',
      better: 'less',
      goal: mostMemory,
    });
  }
  const measured = await starts(sides, {
    rounds: sizes.rounds,
    goals: { start: 10, memory: 450 / 80 },
    report,
  });
  const { seconds, memory } = measured.ours;
  report({
    name: 'start to /health, ours alone',
    ours: seconds,
    unit: 's',
    better: 'less',
    goal: longestStart,
  });
  report({ name: 'idle memory, ours alone', ours: memory, unit: 'MB', better: 'less', goal: idleMemory });
  await besideFastTrack(join(folder, 'fasttrackml'), sizes, report);
  const fresh = join(folder, 'alone');
  await mkdir(fresh);
  await using server = await ourServer(fresh)();
  await alone(server.api, sizes, report);
  const { peakMemory } = await server.usage();
  const name = `peak memory with ${sizes.manyRuns} runs and ${sizes.manyPoints} points, ours alone`;
  report({ name, ours: peakMemory, unit: 'MB', better: 'less', goal: mostMemory });
}
