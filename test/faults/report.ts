import { appendFileSync } from 'node:fs';

/** A row of the table that `npm run test:faults` prints. */
export interface FaultRow {
  /** What was done to the product: 'SQLite server, kill -9 under load'. */
  readonly fault: string;
  /** How often: '50 kills'. */
  readonly tried: string;
  /** What the product had acknowledged: '4,468 batches'. */
  readonly acknowledged: string;
  /** How much of that was gone or in part afterwards. */
  readonly lost: number;
}

/** Whether only a few rounds of each fault are wanted: `npm run test:faults -- --short`. */
export const short = process.env['MODELYARD_FAULTS_SHORT'] !== undefined;

/** Adds a row to the table. Call it before the assertions, so that a loss is in the table as well. */
export function reportFault(row: FaultRow): void {
  const file = process.env['MODELYARD_FAULTS_TABLE'];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(row)}\n`);
}

/** '1 kill', '4,468 batches'. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}
