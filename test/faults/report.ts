import { appendFileSync } from 'node:fs';

/** A row of the table that `npm run test:faults` prints. */
export interface FaultRow {
  /** The fault: 'SQLite server, kill -9 under load'. */
  readonly fault: string;
  /** The number of faults: '50 kills'. */
  readonly tried: string;
  /** The acknowledged work: '4,468 batches'. */
  readonly acknowledged: string;
  /** How much of it was lost or partial afterwards. */
  readonly lost: number;
}

/** Whether to run only a few rounds of each fault: `npm run test:faults -- --short`. */
export const short = process.env['MODELYARD_FAULTS_SHORT'] !== undefined;

/** Adds a row to the table. Call it before the assertions, so that the table includes a loss. */
export function reportFault(row: FaultRow): void {
  const file = process.env['MODELYARD_FAULTS_TABLE'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** '1 kill', '4,468 batches'. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}
