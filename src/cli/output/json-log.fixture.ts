import { writeSync } from 'node:fs';
import { jsonLog } from './json-log.ts';
import { endProcess, stopSignal } from '../server/stop-signal.ts';

/** Logs far more than a pipe holds, says so on its third output, and waits to be stopped. */
const log = jsonLog();
const stopped = stopSignal();
const waits = setInterval(() => {}, 1000);
for (let line = 0; line < 20_000; line++) log.info('x'.repeat(1000));
writeSync(3, 'logged\n');
await stopped;
clearInterval(waits);
await endProcess(0);
