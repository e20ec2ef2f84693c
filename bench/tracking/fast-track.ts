import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BenchContext } from '../context.ts';
import type { Measured } from '../measured.ts';
import { searchReads } from './reads.ts';
import { fastTrackServer, ourServer } from './servers.ts';
import type { Sizes } from './sizes.ts';
import { starts } from './starts.ts';
import { batchWrites } from './writes.ts';

const beside = ', beside FastTrackML';
const throughput = 5;
/** FastTrackML starts in 0.12 s with 33 MB; our goals are 0.2 s and 80 MB. */
const startGoals = { peer: beside, start: 0.12 / 0.2, memory: 33 / 80 };

/** The same cases beside FastTrackML, the fastest other server of this API that we know. */
export async function besideFastTrack(
  folder: string,
  sizes: Sizes,
  report: BenchContext['report'],
): Promise<void> {
  await mkdir(folder);
  await mkdir(join(folder, 'ours'));
  const sides = { ours: ourServer(join(folder, 'ours')), peer: await fastTrackServer(folder) };
  const reportBeside = (measured: Omit<Measured, 'goal'>): void =>
    report({ ...measured, name: `${measured.name}${beside}`, goal: throughput });
  {
    await using ours = await sides.ours();
    await using peer = await sides.peer();
    const apis = { ours: ours.api, peer: peer.api };
    await batchWrites(apis, sizes, reportBeside);
    await searchReads(apis, sizes, reportBeside);
  }
  await starts(sides, { rounds: sizes.rounds, goals: startGoals, report });
}
