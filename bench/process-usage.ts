import { readdir, readFile } from 'node:fs/promises';

export interface Usage {
  /** The current memory (RSS) of all processes; in MB of 1024 × 1024 bytes. */
  readonly memory: number;
  /** The sum of each process's peak memory; in MB of 1024 × 1024 bytes. */
  readonly peakMemory: number;
  /** Processor time so far, in seconds, with a resolution of 10 ms. */
  readonly cpuSeconds: number;
}

/** The usage of a process and its descendants, from Linux's /proc. */
export async function usageOf(root: number): Promise<Usage> {
  const pids = await processesBelow(root);
  const each = await Promise.all(pids.map(usage));
  return {
    memory: each.reduce((sum, { memory }) => sum + memory, 0),
    peakMemory: each.reduce((sum, { peakMemory }) => sum + peakMemory, 0),
    cpuSeconds: each.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
  };
}

/** The process and its descendants. */
export async function processesBelow(root: number): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = new Map<number, number>();
  for (const pid of pids) parents.set(pid, parentIn(await read(pid, 'stat')));
  const below = (pid: number): readonly number[] => [
    pid,
    ...pids.filter((other) => parents.get(other) === pid).flatMap(below),
  ];
  return below(root);
}

/** proc_pid_stat(5): times are in clock ticks, which are hundredths of a second on every Linux that Node runs on. */
const ticks = 100;

async function usage(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([read(pid, 'stat'), read(pid, 'status')]);
  const fields = afterName(stat);
  return {
    memory: megabytes(status, 'VmRSS'),
    peakMemory: megabytes(status, 'VmHWM'),
    cpuSeconds: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticks,
  };
}

function megabytes(status: string, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes = 0] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return Number(kilobytes) / 1024;
}

function parentIn(stat: string): number {
  return Number(afterName(stat)[1] ?? 0);
}

/** The fields from the third on: the second is a name in brackets that may contain anything. */
function afterName(stat: string): readonly string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** '' for a process that has ended. */
async function read(pid: number, file: 'stat' | 'status'): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
