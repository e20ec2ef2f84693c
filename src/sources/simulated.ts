import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Pack } from 'tar-stream';
import type { Simulation } from '../project/tables/origin.ts';
import { unwritable } from './disk-fault.ts';
import { memberName } from './member-name.ts';

export const simulatedName = 'simulated.tar.gz';

/**
 * Runs a simulation and writes its files to `path` as one archive. The same files give the same bytes.
 * @throws PlatformError SOURCE_UNREADABLE for a name, STATE_UNWRITABLE for the path; errors of the simulation's code as they are
 */
export async function writeSimulated(simulation: Simulation, path: string): Promise<void> {
  const { default: tar } = await import('tar-stream');
  const archive = tar.pack();
  const written = pipeline(archive, createGzip(), createWriteStream(path));
  const filled = fill(archive, simulation).catch((cause: unknown) => {
    archive.destroy();
    throw cause;
  });
  // The error of the project's code says more than that of the pipeline it interrupted.
  const [filling, writing] = await Promise.allSettled([filled, written]);
  if (filling.status === 'rejected') throw filling.reason;
  if (writing.status === 'rejected') throw unwritable(writing.reason, path) ?? writing.reason;
}

async function fill(archive: Pack, { make, args }: Simulation): Promise<void> {
  for (const { name, text } of make(args as never))
    if (!(await added(archive, memberName(name, simulatedName), text))) return;
  archive.finalize();
}

/** Returns false if the archive was closed meanwhile: its own error says why. */
function added(archive: Pack, name: string, text: string): Promise<boolean> {
  const header = { name, mode: 0o644, mtime: new Date(0), uid: 0, gid: 0 };
  return new Promise((done) => {
    const closed = (): void => done(false);
    archive.once('close', closed);
    const member = archive.entry(header, text, (cause) => {
      archive.off('close', closed);
      done(!cause);
    });
    member.on('error', closed);
  });
}
