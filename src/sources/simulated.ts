import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Pack } from 'tar-stream';
import type { Simulation } from '../project/source.ts';
import { unwritable } from './disk-fault.ts';
import { memberName } from './member-name.ts';

export const simulatedName = 'simulated.tar.gz';

/**
 * Makes a simulation's files and writes them to `path` as one archive: the same files, the same bytes.
 * @throws whatever the simulation's code throws; PlatformError SOURCE_UNREADABLE for a name, STATE_UNWRITABLE for the path
 */
export async function writeSimulated(simulation: Simulation, path: string): Promise<void> {
  const { default: tar } = await import('tar-stream');
  const archive = tar.pack();
  const written = pipeline(archive, createGzip(), createWriteStream(path));
  const filled = fill(archive, simulation).catch((cause: unknown) => {
    archive.destroy();
    throw cause;
  });
  // What the project's code threw tells more than the pipeline that it cut.
  const [filling, writing] = await Promise.allSettled([filled, written]);
  if (filling.status === 'rejected') throw filling.reason;
  if (writing.status === 'rejected') throw unwritable(writing.reason, path) ?? writing.reason;
}

async function fill(archive: Pack, { make, args }: Simulation): Promise<void> {
  for (const { name, text } of make(args as never))
    if (!(await added(archive, memberName(name, simulatedName), text))) return;
  archive.finalize();
}

/** Answers false when the archive was closed meanwhile: its own end says why. */
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
