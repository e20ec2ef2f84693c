import { spawn } from 'node:child_process';
import { env } from 'node:process';
import type { TaskOrder, TaskReply } from '../../pipeline/messages.ts';

/** A task's process that does what its params say. */
process.once('message', ({ spec }: TaskOrder) => {
  const reply = (message: TaskReply): void => void process.send?.(message);
  switch (spec.params['do'] as string) {
    case 'answer':
      process.stdout.write('to out\nthe last line has no end');
      process.stderr.write('to err\n');
      reply({ type: 'event', event: { type: 'progress', done: 1, total: 2 } });
      reply({
        type: 'result',
        result: {
          key: spec.key,
          task: spec.task,
          outputs: spec.inputs,
          facts: { word: env['WORD'] ?? '', unseen: env['HOME'] ?? '' },
          startedAt: 1,
          endedAt: 2,
        },
      });
      break;
    case 'fail':
      reply({
        type: 'error',
        error: {
          code: 'DATA_INVALID',
          message: 'bad data',
          detail: { field: 'rows', value: 3, remedy: 'Mend it.' },
        },
      });
      break;
    case 'exit':
      process.stderr.write('it was too much\n');
      process.exit(3);
    case 'leave a child':
    case 'leave a child in a session of its own': {
      const detached = spec.params['do'] !== 'leave a child';
      const child = spawn('sleep', ['600'], { stdio: ['ignore', 'inherit', 'inherit'], detached });
      reply({ type: 'event', event: { type: 'log', line: String(child.pid) } });
      child.unref();
      reply({
        type: 'result',
        result: { key: spec.key, task: spec.task, outputs: {}, facts: {}, startedAt: 1, endedAt: 2 },
      });
      break;
    }
    default:
      reply({ type: 'event', event: { type: 'log', line: `process ${process.pid}` } });
      setInterval(() => {}, 1000);
  }
});
