import { openStateLock } from './state-lock.ts';

/* Takes the lock of the folder in argv and says 'held <pid>' or the code of the error; ends when killed. */
const [, , folder = ''] = process.argv;
try {
  await openStateLock(folder, { holder: 'another process' });
  process.stdout.write(`held ${process.pid}\n`);
  setInterval(() => {}, 1000);
} catch (error) {
  const result = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  process.stdout.write(`${result}\n`);
}
