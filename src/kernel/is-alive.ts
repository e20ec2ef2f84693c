import { systemCode } from './system-code.ts';

/** Whether a process with this id runs on this machine. Another program may have the id of one that ended. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // The process of another user runs, although this one must not signal it.
    return systemCode(error) === 'EPERM';
  }
}
